using RabbitMQ.Client;

namespace Ebb.RabbitMq.Messages;

/// <summary>
/// Makes headers fit the one frame they travel in (AMQP 0-9-1, section 2.3.5.2). A broker ends the connection of who sends a longer one, and
/// with it whatever else waits there for its confirm.
/// </summary>
internal static class FrameFit
{
    // Type, channel, length and end of the frame; class, weight and length of the body.
    private const uint Overhead = 8 + 12;

    /// <summary>Drops the headers of the message's first sender when they leave no room for the worker's own.</summary>
    public static void Apply(BasicProperties properties, uint frameMax)
    {
        if (frameMax > 0 && ((IAmqpWriteable)properties).GetRequiredBufferSize() + Overhead > frameMax)
        {
            properties.Headers = properties.Headers?.Where(header => HeaderNames.IsKept(header.Key)).ToDictionary(header => header.Key, header => header.Value);
        }
    }
}
