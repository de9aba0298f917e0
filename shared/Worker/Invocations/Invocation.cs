using System.Diagnostics;
using Ebb.Storage;
using Ebb.Worker.Definitions;

namespace Ebb.Worker.Invocations;

/// <summary>One call of a function on its way through the pipeline.</summary>
internal sealed class Invocation
{
    public required HostedFunction Function { get; init; }

    public required RunId RunId { get; init; }

    public required TriggerKind Trigger { get; init; }

    /// <summary>What <see cref="RunContext.TriggerData"/> gets.</summary>
    public required object TriggerData { get; init; }

    /// <summary>Cancelled when the lease is lost or the host's grace is over; the time limit is the pipeline's own.</summary>
    public required CancellationToken Cancellation { get; init; }

    /// <summary>The span that caused this one.</summary>
    public ActivityContext Parent { get; init; }

    public int RetryCount { get; init; }

    public string? Caller { get; init; }

    /// <summary>The moment a timer's run was due; null when no occurrence started it.</summary>
    public DateTimeOffset? Occurrence { get; init; }

    public CallerScope Scope { get; init; } = CallerScope.Everything;

    public Action<string> ReportProgress { get; init; } = static _ => { };

    /// <summary>The scope's services; a scope is made when there are none.</summary>
    public IServiceProvider? Services { get; set; }

    /// <summary>The function's own token: <see cref="Cancellation"/> and the time limit.</summary>
    public CancellationToken Token { get; set; }

    public Activity? Activity { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    /// <summary>True once the time limit has passed.</summary>
    public bool TimedOut { get; set; }

    public string? TraceId => Activity?.TraceId.ToHexString();

    public RunContext CreateContext() => new()
    {
        RunId = RunId,
        Function = Function.Definition,
        InstanceServices = Services ?? throw new InvalidOperationException("An invocation needs a scope before its context."),
        TriggerData = TriggerData,
        Cancellation = Token,
        RetryCount = RetryCount,
        MaxRetryCount = Function.Retry?.MaxRetryCount ?? 0,
        Occurrence = Occurrence,
        Caller = Caller,
        Scope = Scope,
        Activity = Activity,
        ReportProgress = ReportProgress,
    };
}
