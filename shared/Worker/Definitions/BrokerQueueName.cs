using System.Text;

namespace Ebb.Worker.Definitions;

/// <summary>What a RabbitMQ queue may be called here: AMQP 0-9-1 allows 255 bytes, and poison and delay queues need a suffix.</summary>
internal static class BrokerQueueName
{
    public const string Rule = "it must be 1 to 220 bytes without control characters, and must not begin with 'amq.', which is the broker's own";

    private const int MaxBytes = 220;

    public static bool IsValid(string name) =>
        name.Length > 0 && Encoding.UTF8.GetByteCount(name) <= MaxBytes && !name.Any(char.IsControl) && !name.StartsWith("amq.", StringComparison.Ordinal);
}
