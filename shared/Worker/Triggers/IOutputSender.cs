using Ebb.Storage;

namespace Ebb.Worker;

/// <summary>Sends what functions with an output return. An app registers one in its services.</summary>
public interface IOutputSender
{
    /// <summary>Completes when the broker has the message for good.</summary>
    /// <exception cref="Exception">It does not, or nobody knows; the attempt failed.</exception>
    Task SendAsync(OutputMessage message, CancellationToken cancellationToken);
}

/// <summary>A return value to send.</summary>
/// <param name="RunId">The run that returned it; a retried run sends it again under the same id.</param>
/// <param name="Function">The function that returned it.</param>
/// <param name="Queue">Where it goes.</param>
/// <param name="Json">The value as JSON.</param>
/// <param name="TraceParent">The W3C <c>traceparent</c> of the invocation.</param>
public sealed record OutputMessage(RunId RunId, string Function, string Queue, string Json, string? TraceParent)
{
    /// <summary>Tells the messages of one run apart when it sends several; null for the only one.</summary>
    public string? Part { get; init; }
}
