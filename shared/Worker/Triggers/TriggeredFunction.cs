using System.Diagnostics;
using Ebb.Storage;
using Ebb.Worker.Definitions;
using Ebb.Worker.Http;
using Ebb.Worker.Invocations;
using Ebb.Worker.Queues;

namespace Ebb.Worker;

/// <summary>A function that a listener's messages start.</summary>
public sealed class TriggeredFunction
{
    private readonly HostedFunction _function;
    private readonly RetryRules _rules;
    private readonly ListenerServices _services;
    private readonly FunctionKeys _keys;

    internal TriggeredFunction(HostedFunction function, ListenerServices services, FunctionKeys keys)
    {
        (_function, _services, _keys) = (function, services, keys);
        _rules = new RetryRules(function, services.Host);
    }

    /// <summary>The function's name.</summary>
    public string Name => _function.Name;

    /// <summary>The queue it listens to, settings expanded.</summary>
    public string Queue => _function.BrokerQueue!;

    /// <summary>Whether the next message is taken only when the one before was handled.</summary>
    public bool OneAtATime => _function.Definition.Trigger is RabbitMQTriggerDefinition { OneAtATime: true };

    private bool IsScoped => _function.Definition.Trigger is RabbitMQTriggerDefinition { Scoped: true };

    /// <summary>
    /// Runs one attempt, keeps the record of the run, and says what is to become of the message by the rules of host queues. A sender
    /// that is limited to names is let in only by a function with <see cref="ScopedAttribute"/>. Never throws.
    /// </summary>
    /// <param name="message">
    /// The message; its <see cref="LeasedMessage.DequeueCount"/> counts this attempt, and its <see cref="LeasedMessage.Caller"/> is who the
    /// listener knows it to be from (<see cref="CallerNames"/>).
    /// </param>
    /// <param name="identified">True when the same message comes with the same run id again, so that the run can be shown before it ends.</param>
    public async Task<Settlement> RunAsync(LeasedMessage message, bool identified)
    {
        ArgumentNullException.ThrowIfNull(message);
        var scope = ScopeOf(message);
        if (scope.IsLimited && !IsScoped)
        {
            return await RefuseAsync(message, new RunError(nameof(FailureKind.Forbidden),
                $"scopes.json limits '{message.Caller}' to some names, and '{Name}' acts on none. Send it as somebody who is not limited."));
        }

        var record = new RunRecord(_function, message, identified, _services);
        if (_rules.BeforeRun(message) is { } end)
        {
            await record.EndAsync(end, traceId: null);
            return end;
        }

        var invocation = InvocationOf(message, scope, record);
        var settlement = _rules.AfterRun(message, await CallAsync(invocation, record));
        await record.EndAsync(settlement, invocation.TraceId);
        return settlement;
    }

    /// <summary>The end of a message that is not fit to be given to the function: it is recorded and goes to the poison queue.</summary>
    public async Task<Settlement> RefuseAsync(LeasedMessage message, RunError error)
    {
        var settlement = new Settlement.Poisoned(error);
        await new RunRecord(_function, message, identified: false, _services).EndAsync(settlement, traceId: null);
        return settlement;
    }

    private CallerScope ScopeOf(LeasedMessage message) =>
        (message.Caller is { } caller ? _keys.ScopeOfSender(caller) : null) ?? (IsScoped ? CallerScope.Of([]) : CallerScope.Everything);

    private Invocation InvocationOf(LeasedMessage message, CallerScope scope, RunRecord record) => new()
    {
        Function = _function,
        RunId = message.RunId,
        Trigger = message.Trigger,
        TriggerData = message,
        Cancellation = _services.State.GraceOver,
        Parent = ActivityContext.TryParse(message.TraceParent, message.TraceState, isRemote: true, out var parent) ? parent : default,
        RetryCount = message.DequeueCount - 1,
        Caller = message.Caller,
        Scope = scope,
        ReportProgress = record.Report,
    };

    private async Task<InvocationOutcome> CallAsync(Invocation invocation, RunRecord record)
    {
        // Not on the connection's own flow: a function that never awaits must not hold up the others.
        var call = Task.Run(() => _services.Pipeline(invocation).AsTask());
        await record.ShowWhileAsync(call);
        await Task.WhenAny(call, _services.State.Abandoned);
        await record.CloseProgressAsync();
        return call.IsCompleted ? await call : invocation.TimedOut
            ? InvocationOutcome.Failed(OutcomeKind.Failed, "Timeout", $"Function '{Name}' went on after its time limit was over and its " +
                "CancellationToken cancelled, until its process was ended. Pass context.CancellationToken to everything it awaits.")
            : InvocationOutcome.Failed(OutcomeKind.Cancelled, "Cancelled", "The host ended before the function did.");
    }
}
