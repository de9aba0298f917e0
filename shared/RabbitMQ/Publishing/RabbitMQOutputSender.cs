using System.Text;
using System.Text.Json;
using Ebb.RabbitMq.Connections;
using Ebb.RabbitMq.Messages;
using Ebb.Worker;
using RabbitMQ.Client;

namespace Ebb.RabbitMq.Publishing;

/// <summary>Sends what functions return.</summary>
internal sealed class RabbitMQOutputSender(Broker broker) : IOutputSender
{
    public Task SendAsync(OutputMessage message, CancellationToken cancellationToken)
    {
        var (body, contentType) = BodyOf(message.Json);
        var properties = new BasicProperties
        {
            Persistent = true,
            ContentType = contentType,

            // A run that is retried after its output was sent sends it again; under this id the receiver sees one run.
            MessageId = message.Part is null ? $"{message.RunId}-{message.Function}" : $"{message.RunId}-{message.Function}-{message.Part}",
            Timestamp = new AmqpTimestamp(broker.Time.GetUtcNow().ToUnixTimeSeconds()),
            Headers = message.TraceParent is null ? null : new Dictionary<string, object?> { [HeaderNames.TraceParent] = message.TraceParent },
        };
        return broker.Publisher.OutputAsync(message.Queue, properties, body, cancellationToken);
    }

    // A string is its own text, so that a function that takes a string gets what another returned.
    private static (byte[] Body, string ContentType) BodyOf(string json)
    {
        if (json is not ['"', ..])
        {
            return (Encoding.UTF8.GetBytes(json), "application/json");
        }

        using var document = JsonDocument.Parse(json);
        return (Encoding.UTF8.GetBytes(document.RootElement.GetString()!), "text/plain");
    }
}
