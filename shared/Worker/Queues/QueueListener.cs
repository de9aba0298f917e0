using Ebb.Storage;
using Ebb.Worker.Definitions;

namespace Ebb.Worker.Queues;

/// <summary>
/// Takes one function's messages. As with Azure Functions a new batch is taken when no more than <c>newBatchThreshold</c>
/// messages still run, so that at most that plus <c>batchSize</c> run at once. What has run and is being settled does not count,
/// up to a bound: the store's commits do not hold up the work.
/// </summary>
internal sealed partial class QueueListener
{
    // A wake-up that finds nothing must not become a busy loop.
    private static readonly TimeSpan PauseAfterVainWake = TimeSpan.FromMilliseconds(10);

    private const int MaxUnsettledBatches = 16;

    private static readonly TimeSpan LastAnswer = TimeSpan.FromSeconds(5);

    private readonly HostedFunction _function;
    private readonly ListenerServices _services;
    private readonly MessageRun _run;
    private readonly HashSet<Task> _running = [];
    private readonly HashSet<Task> _unsettled = [];
    private bool _woken;

    public QueueListener(HostedFunction function, ListenerServices services)
    {
        _function = function;
        _services = services;
        _run = new MessageRun(function, new RetryRules(function, services.Host), services);
    }

    /// <summary>Takes messages until the host drains, then completes when the last of them is settled. Never throws.</summary>
    public async Task RunAsync()
    {
        var taking = _services.State.Taking;
        var backOff = new BackOff(_services.State.Time);
        while (!taking.IsCancellationRequested)
        {
            try
            {
                await TakeAsync(taking);
                backOff.Reset();
            }
            catch (OperationCanceledException) when (taking.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                LogTrouble(_services.Logger, _function.Name, _function.Queue!, e);
                await backOff.PauseAsync(taking);
            }
        }

        await Task.WhenAll(_unsettled);
    }

    private async Task TakeAsync(CancellationToken taking)
    {
        _running.RemoveWhere(task => task.IsCompleted);
        if (_running.Count > _services.Host.NewBatchThreshold)
        {
            await Task.WhenAny(_running).WaitAsync(taking);
            return;
        }

        _unsettled.RemoveWhere(task => task.IsCompleted);
        if (_unsettled.Count > _services.Host.BatchSize * MaxUnsettledBatches)
        {
            await Task.WhenAny(_unsettled).WaitAsync(taking);
            return;
        }

        var askedAt = _services.State.Time.GetTimestamp();
        var messages = await DequeueAsync(taking);
        foreach (var message in messages)
        {
            if (taking.IsCancellationRequested)
            {
                // Taken in the moment in which the host began to drain: another can begin it now.
                _unsettled.Add(_run.ReleaseAsync(message));
                continue;
            }

            var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _unsettled.Add(_run.RunAsync(message, askedAt, called));
            _running.Add(called.Task);
        }

        if (messages.Count == _services.Host.BatchSize)
        {
            _woken = false;
            return;
        }

        // Fewer than asked for: the queue was empty then, and waiting says if it is not any more.
        if (_woken && messages.Count == 0)
        {
            await Task.Delay(PauseAfterVainWake, _services.State.Time, taking);
        }

        await WaitForWorkAsync(taking);
        _woken = true;
    }

    // Not cancelled half-way: messages that were taken but never seen here would stay leased until they lapse.
    private async Task<IReadOnlyList<LeasedMessage>> DequeueAsync(CancellationToken taking)
    {
        var asked = _services.Storage.Queues.DequeueAsync(
            new DequeueRequest
            {
                Queue = _function.Queue!,
                Function = _function.Name,
                Instance = _services.State.InstanceId,
                MaxCount = _services.Host.BatchSize,
                LeaseDuration = _services.Worker.LeaseDuration,
            },
            CancellationToken.None).AsTask();
        await ((Task)asked).WaitAsync(taking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!asked.IsCompleted)
        {
            // The host drains. A store that is out of reach must not hold it up for the whole grace.
            await ((Task)asked).WaitAsync(LastAnswer, _services.State.Time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return asked.IsCompleted ? await asked : throw new TimeoutException(
            $"Host storage did not answer for {LastAnswer} while the host drains. Messages it hands out now come back when their leases lapse.");
    }

    private async Task WaitForWorkAsync(CancellationToken taking)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(taking);
        var waiting = _services.Storage.Queues.WaitForWorkAsync([_function.Queue!], limit.Token);
        var pause = Task.Delay(_services.Host.MaxPollingInterval, _services.State.Time, limit.Token);
        await Task.WhenAny(waiting, pause);
        await limit.CancelAsync();
        await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (waiting.IsFaulted)
        {
            await waiting;
        }
    }
}
