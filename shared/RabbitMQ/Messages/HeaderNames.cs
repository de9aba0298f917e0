namespace Ebb.RabbitMq.Messages;

/// <summary>The headers of messages, ours and the broker's.</summary>
internal static class HeaderNames
{
    /// <summary>How many attempts failed.</summary>
    public const string Attempts = "x-ebb-attempts";

    /// <summary>The run that the message is.</summary>
    public const string RunId = "x-ebb-run-id";

    /// <summary>When the message was first seen, in Unix milliseconds.</summary>
    public const string EnqueuedAt = "x-ebb-enqueued-at";

    /// <summary>The exchange that the message was first sent to.</summary>
    public const string Exchange = "x-ebb-exchange";

    /// <summary>The routing key that the message was first sent with.</summary>
    public const string RoutingKey = "x-ebb-routing-key";

    /// <summary>The function that a poisoned message was meant for.</summary>
    public const string Function = "x-ebb-function";

    /// <summary>Why a message was poisoned.</summary>
    public const string Reason = "x-ebb-reason";

    /// <summary>The kind of error that poisoned it.</summary>
    public const string ErrorType = "x-ebb-error-type";

    /// <summary>When it was poisoned, ISO 8601.</summary>
    public const string PoisonedAt = "x-ebb-poisoned-at";

    /// <summary>When a message that waits for its next attempt is due, in Unix milliseconds.</summary>
    public const string DueAt = "x-ebb-due-at";

    /// <summary>The user that first sent a message which a worker sends on; empty where the broker vouched for nobody.</summary>
    public const string Sender = "x-ebb-sender";

    public const string TraceParent = "traceparent";

    public const string TraceState = "tracestate";

    /// <summary>How often a quorum queue saw the message come back unsettled.</summary>
    public const string DeliveryCount = "x-delivery-count";

    /// <summary>Where in a stream a message lies.</summary>
    public const string StreamOffset = "x-stream-offset";

    private const string Own = "x-ebb-";

    // Of the broker's own book-keeping nothing is sent again. CC and BCC would send copies to other queues once more.
    private static readonly string[] Brokers =
        [DeliveryCount, "x-acquired-count", "x-death", "x-first-death-queue", "x-first-death-reason", "x-first-death-exchange",
        "x-last-death-queue", "x-last-death-reason", "x-last-death-exchange", "x-opt-deaths", "CC", "BCC"];

    private static readonly string[] Poisoned = [Attempts, Function, Reason, ErrorType, PoisonedAt];

    public static bool IsBrokers(string header) => Brokers.Contains(header);

    /// <summary>Whether only workers write it.</summary>
    public static bool IsOwn(string header) => header.StartsWith(Own, StringComparison.Ordinal);

    /// <summary>Whether the worker needs the header when it comes again.</summary>
    public static bool IsKept(string header) => IsOwn(header) || header is TraceParent or TraceState;

    /// <summary>Whether a message loses the header when it is put back for a new start.</summary>
    public static bool EndsWithRedrive(string header) => Poisoned.Contains(header) || header is RunId or EnqueuedAt;
}
