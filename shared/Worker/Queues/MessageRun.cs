using System.Diagnostics;
using System.Text.Json;
using Ebb.Storage;
using Ebb.Worker.Definitions;
using Ebb.Worker.Invocations;
using Ebb.Worker.Json;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.Worker.Queues;

/// <summary>One attempt of one message: holds its lease, calls the function, settles the message.</summary>
internal sealed partial class MessageRun(HostedFunction function, RetryRules rules, ListenerServices services)
{
    // In a process that is starved of processors the lease can end between being looked at and the function's first line.
    private static readonly InvocationOutcome NotBegun =
        InvocationOutcome.Failed(OutcomeKind.Cancelled, "Cancelled", "The lease ended before the function began.");

    /// <summary>Runs the message to its settlement. Never throws.</summary>
    /// <param name="message">The message, leased.</param>
    /// <param name="askedAt">The timestamp before the store was asked for it: its lease began no earlier.</param>
    /// <param name="called">Completed when the function has ended and only the settlement is left.</param>
    public async Task RunAsync(LeasedMessage message, long askedAt, TaskCompletionSource called)
    {
        try
        {
            await CallAndSettleAsync(message, askedAt, called);
        }
        catch (Exception e)
        {
            LogUnexpected(services.Logger, message.RunId, function.Name, e);
        }
        finally
        {
            called.TrySetResult();
        }
    }

    /// <summary>Hands a message back that was never begun. Never throws.</summary>
    public async Task ReleaseAsync(LeasedMessage message)
    {
        try
        {
            var settling = services.Storage.Queues.SettleAsync(message, new Settlement.Released(), CancellationToken.None).AsTask();
            await settling.WaitAsync(services.Worker.LeaseDuration, services.State.Time);
        }
        catch (Exception e)
        {
            LogNotReleased(services.Logger, message.RunId, function.Name, e);
        }
    }

    private async Task CallAndSettleAsync(LeasedMessage message, long askedAt, TaskCompletionSource called)
    {
        var term = new LeaseTerm(services.Worker.LeaseDuration);
        var lease = new LeaseKeeper(services.Storage.Queues, message, askedAt, term, services.State.Time, services.Logger);
        var hasEnded = true;
        try
        {
            hasEnded = await CallAndSettleAsync(message, lease, called);
        }
        finally
        {
            // What still runs keeps its lease until the process is gone: its successor must not begin before.
            if (hasEnded)
            {
                await lease.DisposeAsync();
            }
        }
    }

    /// <returns>False: the function goes on, and nothing but the end of the process ends it.</returns>
    private async Task<bool> CallAndSettleAsync(LeasedMessage message, LeaseKeeper lease, TaskCompletionSource called)
    {
        if (lease.IsBeyondUse)
        {
            // The answer took so long that the message may be taken by another already.
            LogTakenTooLate(services.Logger, message.RunId, function.Name);
        }
        else if (rules.BeforeRun(message) is { } end)
        {
            LogGivenUp(services.Logger, message.RunId, function.Name, message.DequeueCount - 1);
            await SettleAsync(message, end, lease);
        }
        else if (await CallAsync(message, lease) is { } outcome)
        {
            called.TrySetResult();
            await SettleAsync(message, outcome, lease);
        }
        else
        {
            return false;
        }

        return true;
    }

    /// <summary>Null: it goes on, and nothing but the end of the process ends it.</summary>
    private async Task<InvocationOutcome?> CallAsync(LeasedMessage message, LeaseKeeper lease)
    {
        if (!TryReadTrigger(message, out var data, out var occurrence, out var unreadable))
        {
            return unreadable;
        }

        var progress = new ProgressReporter(services.Storage.Runs, message.RunId, services.State.Time, services.Logger);
        var cancellation = CancellationTokenSource.CreateLinkedTokenSource(lease.Ending, services.State.GraceOver);
        var invocation = new Invocation
        {
            Function = function,
            RunId = message.RunId,
            Trigger = message.Trigger,
            TriggerData = data,
            Occurrence = occurrence,
            Cancellation = cancellation.Token,
            Parent = ActivityContext.TryParse(message.TraceParent, message.TraceState, isRemote: true, out var parent) ? parent : default,
            RetryCount = message.DequeueCount - 1,
            Caller = message.Caller,
            ReportProgress = progress.Report,
        };

        // Not on the listener's own flow: a function that never awaits must not hold up the others.
        var call = Task.Run(() => lease.IsEnding || lease.IsBeyondUse ? Task.FromResult(NotBegun) : services.Pipeline(invocation).AsTask());
        var hasEnded = await EndsAsync(call, message, lease);
        await progress.CloseAsync().WaitAsync(lease.Ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!hasEnded)
        {
            // Its token is left to it: to dispose of that waits for what the function hangs on it.
            return message.SequenceKey is null ? Abandon(invocation) : null;
        }

        cancellation.Dispose();
        return await call;
    }

    /// <returns>False: it has not, and the host does not wait for it any longer.</returns>
    private async Task<bool> EndsAsync(Task call, LeasedMessage message, LeaseKeeper lease)
    {
        await Task.WhenAny(call, services.State.Abandoned, lease.Overdue);
        if (!call.IsCompleted && lease.Overdue.IsCompleted && message.SequenceKey is { } key)
        {
            // Its successor may begin elsewhere from now on, and the two must not meet.
            services.State.Halt(function.Name, message.RunId, key);
        }
        else
        {
            await Task.WhenAny(call, services.State.Abandoned);
        }

        if (!call.IsCompleted)
        {
            LogAbandoned(services.Logger, message.RunId, function.Name);
        }

        return call.IsCompleted;
    }

    private InvocationOutcome Abandon(Invocation invocation) => invocation.TimedOut
        ? InvocationOutcome.Failed(OutcomeKind.Failed, "Timeout",
            $"Function '{function.Name}' went on after its time limit was over and its CancellationToken cancelled, until its process " +
            "was ended. Pass context.CancellationToken to everything it awaits.")
        : InvocationOutcome.Failed(OutcomeKind.Cancelled, "Cancelled", "The host ended before the function did.");

    private bool TryReadTrigger(LeasedMessage message, out object data, out DateTimeOffset? occurrence, out InvocationOutcome unreadable)
    {
        (data, occurrence, unreadable) = (message, null, null!);
        if (!function.IsTimer)
        {
            return true;
        }

        try
        {
            var run = JsonSerializer.Deserialize(message.Body, WorkerJson.Default.TimerRun) ?? throw new JsonException("The value is null.");
            (data, occurrence) = (run.ToInfo(), run.Occurrence);
            return true;
        }
        catch (JsonException e)
        {
            unreadable = InvocationOutcome.Failed(OutcomeKind.BadMessage, nameof(MessageFormatException),
                MessageFormatException.Of(typeof(TimerInfo), e).Message);
            return false;
        }
    }

    private Task SettleAsync(LeasedMessage message, InvocationOutcome outcome, LeaseKeeper lease)
    {
        if (!lease.HasLapsed && !(lease.IsEnding && outcome.Kind is OutcomeKind.Cancelled))
        {
            return SettleAsync(message, rules.AfterRun(message, outcome), lease);
        }

        // What was cancelled for its lease is not handed back: where renewals always fail it would run for ever, uncounted.
        LogResultDropped(services.Logger, message.RunId, function.Name, outcome.Kind);
        return Task.CompletedTask;
    }

    /// <summary>Settles, however long the store takes: only a lapsed lease or the end of the process stops it.</summary>
    private async Task SettleAsync(LeasedMessage message, Settlement settlement, LeaseKeeper lease)
    {
        var backOff = new BackOff(services.State.Time);
        while (!lease.HasLapsed)
        {
            try
            {
                var settling = services.Storage.Queues.SettleAsync(message, settlement, CancellationToken.None).AsTask();
                if (await settling.WaitAsync(lease.Left, services.State.Time))
                {
                    return;
                }

                break;
            }
            catch (TimeoutException)
            {
                break;
            }
            catch (HostStorageException e)
            {
                LogNotSettled(services.Logger, message.RunId, function.Name, settlement.GetType().Name, e);
                using var lapse = new CancellationTokenSource(lease.Left, services.State.Time);
                await backOff.PauseAsync(lapse.Token);
            }
        }

        LogLapsed(services.Logger, message.RunId, function.Name, settlement.GetType().Name);
    }
}
