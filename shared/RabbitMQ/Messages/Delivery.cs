using System.Text;
using Ebb.Storage;
using Ebb.Worker;
using RabbitMQ.Client;

namespace Ebb.RabbitMq.Messages;

/// <summary>One delivery of one message, copied out of the connection's buffers.</summary>
internal sealed class Delivery
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private Delivery(ulong tag, LeasedMessage message, byte[] body, IReadOnlyBasicProperties properties) =>
        (Tag, Message, Body, Properties) = (tag, message, body, properties);

    /// <summary>Names the delivery on its channel.</summary>
    public ulong Tag { get; }

    public LeasedMessage Message { get; }

    public byte[] Body { get; }

    public IReadOnlyBasicProperties Properties { get; }

    public required string Exchange { get; init; }

    public required string RoutingKey { get; init; }

    /// <summary>Whether the same message comes with the same run id again.</summary>
    public required bool IsIdentified { get; init; }

    /// <summary>Why the function cannot be given this message; null when it can.</summary>
    public RunError? Unfit { get; private set; }

    public static Delivery Read(
        string queue, ulong tag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties,
        ReadOnlyMemory<byte> body, OwnUsers own, TimeProvider time)
    {
        var headers = properties.Headers;
        var workers = Sender.IsWorker(properties, own) ? headers : null;
        var now = time.GetUtcNow();
        var sentAt = SentAt(workers.Number(HeaderNames.EnqueuedAt), properties, now);
        var sender = Sender.Of(properties, own);
        var (id, identified) = MessageIdentity.Of(
            queue, sender, workers.Text(HeaderNames.RunId), properties.MessageId, sentAt ?? DateTimeOffset.UnixEpoch, time);
        var (text, unfit) = TextOf(body);
        var first = workers.Text(HeaderNames.Exchange) is null;
        return new Delivery(tag, new LeasedMessage
        {
            RunId = id,
            Queue = queue,
            Body = text,
            DequeueCount = AttemptOf(workers.Number(HeaderNames.Attempts), headers.Number(HeaderNames.DeliveryCount), redelivered),
            LeaseToken = Guid.Empty,
            LeaseExpiresAt = DateTimeOffset.MaxValue,
            EnqueuedAt = sentAt ?? now,
            Trigger = TriggerKind.RabbitMQ,
            TraceParent = headers.Text(HeaderNames.TraceParent),
            TraceState = headers.Text(HeaderNames.TraceState),
            Caller = sender is null ? CallerNames.BrokerQueue(queue) : CallerNames.BrokerUser(sender),
        }, body.ToArray(), properties)
        {
            Exchange = first ? exchange : workers.Text(HeaderNames.Exchange)!,
            RoutingKey = first ? routingKey : workers.Text(HeaderNames.RoutingKey) ?? routingKey,
            IsIdentified = identified,
            Unfit = unfit,
        };
    }

    // Failures are counted by us, and deliveries that never ended by the quorum queue. A classic queue only tells that there was one.
    private static int AttemptOf(long failed, long returned, bool redelivered) =>
        (int)Math.Min(int.MaxValue, failed + (returned == 0 && redelivered ? 1 : returned) + 1);

    private static DateTimeOffset? SentAt(long milliseconds, IReadOnlyBasicProperties properties, DateTimeOffset now)
    {
        if (milliseconds == 0 && properties.IsTimestampPresent() && properties.Timestamp.UnixTime is > 0 and < long.MaxValue / 1000)
        {
            milliseconds = properties.Timestamp.UnixTime * 1000;
        }

        // A clock far ahead would sort its runs before all others for ever.
        return milliseconds > 0 && milliseconds <= now.AddDays(1).ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
    }

    private static (string Text, RunError? Unfit) TextOf(ReadOnlyMemory<byte> body)
    {
        if (body.Length > EnqueueRequest.MaxBodyBytes)
        {
            return (string.Empty, new("MessageTooLong", $"The message has {body.Length} bytes; at most {EnqueueRequest.MaxBodyBytes} are read. Send a reference to the data instead."));
        }

        try
        {
            return (StrictUtf8.GetString(body.Span), null);
        }
        catch (DecoderFallbackException)
        {
            return (string.Empty, new("MessageFormatException", "The message is not UTF-8 text. Correct what sends it."));
        }
    }
}
