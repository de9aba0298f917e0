using System.Diagnostics;
using System.Text.Json;
using Ebb.Storage;
using Ebb.Worker.Definitions;
using Ebb.Worker.Invocations;
using Ebb.Worker.Json;

namespace Ebb.Worker.Queues;

/// <summary>One attempt of one message: holds its lease, calls the function, settles the message.</summary>
internal sealed partial class MessageRun(HostedFunction function, RetryRules rules, ListenerServices services)
{
    /// <summary>Runs the message to its settlement. Never throws.</summary>
    public async Task RunAsync(LeasedMessage message)
    {
        try
        {
            await CallAndSettleAsync(message);
        }
        catch (Exception e)
        {
            LogUnexpected(services.Logger, message.RunId, function.Name, e);
        }
    }

    private async Task CallAndSettleAsync(LeasedMessage message)
    {
        await using var lease = new LeaseKeeper(
            services.Storage.Queues, message, services.Worker.LeaseDuration, services.State.Time, services.Logger);
        if (rules.BeforeRun(message) is { } end)
        {
            LogGivenUp(services.Logger, message.RunId, function.Name, message.DequeueCount - 1);
            await SettleAsync(message, end, lease);
            return;
        }

        var outcome = await CallAsync(message, lease);
        if (lease.IsLost)
        {
            LogResultDropped(services.Logger, message.RunId, function.Name, outcome.Kind);
            return;
        }

        await SettleAsync(message, rules.AfterRun(message, outcome), lease);
    }

    private async Task<InvocationOutcome> CallAsync(LeasedMessage message, LeaseKeeper lease)
    {
        if (!TryReadTrigger(message, out var data, out var unreadable))
        {
            return unreadable;
        }

        var progress = new ProgressReporter(services.Storage.Runs, message.RunId, services.State.Time, services.Logger);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(lease.Lost, services.State.GraceOver);
        var invocation = new Invocation
        {
            Function = function,
            RunId = message.RunId,
            Trigger = message.Trigger,
            TriggerData = data,
            Cancellation = cancellation.Token,
            Parent = ActivityContext.TryParse(message.TraceParent, message.TraceState, isRemote: true, out var parent) ? parent : default,
            RetryCount = message.DequeueCount - 1,
            Caller = message.Caller,
            ReportProgress = progress.Report,
        };

        // Not on the listener's own flow: a function that never awaits must not hold up the others.
        var call = Task.Run(() => services.Pipeline(invocation).AsTask());
        await Task.WhenAny(call, services.State.Abandoned);
        await progress.CloseAsync();
        return call.IsCompleted ? await call : Abandon(invocation);
    }

    private InvocationOutcome Abandon(Invocation invocation)
    {
        LogAbandoned(services.Logger, invocation.RunId, function.Name);
        return invocation.TimedOut
            ? InvocationOutcome.Failed(OutcomeKind.Failed, "Timeout",
                $"Function '{function.Name}' went on after its time limit was over and its CancellationToken cancelled, until its process " +
                "was ended. Pass context.CancellationToken to everything it awaits.")
            : InvocationOutcome.Failed(OutcomeKind.Cancelled, "Cancelled", "The host ended before the function did.");
    }

    private bool TryReadTrigger(LeasedMessage message, out object data, out InvocationOutcome unreadable)
    {
        (data, unreadable) = (message, null!);
        if (!function.IsTimer)
        {
            return true;
        }

        try
        {
            data = JsonSerializer.Deserialize(message.Body, WorkerJson.Default.TimerInfo)!;
            return data is not null;
        }
        catch (JsonException e)
        {
            unreadable = InvocationOutcome.Failed(OutcomeKind.BadMessage, nameof(MessageFormatException),
                MessageFormatException.Of(typeof(TimerInfo), e).Message);
            return false;
        }
    }

    /// <summary>Settles, however long the store takes: only a lapsed lease or the end of the process stops it.</summary>
    private async Task SettleAsync(LeasedMessage message, Settlement settlement, LeaseKeeper lease)
    {
        var backOff = new BackOff(services.State.Time);
        while (!lease.IsLost)
        {
            try
            {
                if (!await services.Storage.Queues.SettleAsync(message, settlement, CancellationToken.None))
                {
                    LogLapsed(services.Logger, message.RunId, function.Name, settlement.GetType().Name);
                }

                return;
            }
            catch (HostStorageException e)
            {
                LogNotSettled(services.Logger, message.RunId, function.Name, settlement.GetType().Name, e);
                await backOff.PauseAsync(lease.Lost);
            }
        }

        LogLapsed(services.Logger, message.RunId, function.Name, settlement.GetType().Name);
    }
}
