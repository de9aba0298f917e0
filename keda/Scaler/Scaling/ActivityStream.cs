using Ebb.Scaler.Metadata;
using Ebb.Scaler.Reading;
using Microsoft.Extensions.Logging;

namespace Ebb.Scaler.Scaling;

/// <summary>
/// One open stream: calls <paramref name="push"/> when the app becomes active and again and again while it is; between, it waits for a
/// message, for a timer's lead, or for the next beat. Lives through failures of host storage.
/// </summary>
internal sealed partial class ActivityStream(
    ScaledApp app, ActivityReader activities, IStorageSource source, ScalerTimings timings, TimeProvider time, ILogger logger,
    Func<Task> push)
{
    // What is woken for nothing again and again does not spin.
    private static readonly TimeSpan FirstRest = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(5);

    // Only what has just arrived needs a read of its own; on the beat all streams share one.
    private TimeSpan _age = timings.PollAge;
    private Task? _work;
    private int _vainWakes;
    private bool _failing;

    /// <summary>Runs until cancelled; then it returns.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                await StepAsync(ending.Token);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end that was asked for.
        }
        finally
        {
            await ending.CancelAsync();
        }
    }

    private async Task StepAsync(CancellationToken cancellationToken)
    {
        try
        {
            var activity = await activities.ReadAsync(app, _age, cancellationToken);
            _age = timings.PollAge;
            Told(null);
            if (activity.IsActive)
            {
                _vainWakes = 0;
                await push();
                await Task.Delay(timings.Repeat, time, cancellationToken);
            }
            else
            {
                await WaitAsync(activity.NextLead, cancellationToken);
            }
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            if (error is not StorageUnavailableException)
            {
                _work = null;
            }

            Told(error);
            await Task.Delay(timings.Pause, time, cancellationToken);
        }
    }

    private async Task WaitAsync(DateTimeOffset? nextLead, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var beat = TimeSpan.FromTicks(timings.Beat.Ticks - (now.Ticks % timings.Beat.Ticks));
        var wait = nextLead is { } lead && lead - now < beat ? lead - now : beat;
        var began = time.GetTimestamp();

        // Waiting is asked for once and kept: asking may cost a query.
        _work ??= source.Storage.Queues.WaitForWorkAsync(app.AllQueues, cancellationToken);
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(_work, Task.Delay(RoundedUp(wait), time, timer.Token));
        await timer.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        if (!_work.IsCompleted)
        {
            return;
        }

        var work = _work;
        _work = null;
        await work;
        _age = TimeSpan.Zero;
        await RestAsync(time.GetElapsedTime(began), cancellationToken);
    }

    // The first wakes are answered at once; those that follow each other closely, with nothing to see, wait longer and longer.
    private async Task RestAsync(TimeSpan waited, CancellationToken cancellationToken)
    {
        _vainWakes = waited > Calm ? 0 : _vainWakes + 1;
        if (_vainWakes > 3)
        {
            await Task.Delay(FirstRest * Math.Pow(2, Math.Min(_vainWakes - 3, 6)), time, cancellationToken);
        }
    }

    private static TimeSpan RoundedUp(TimeSpan wait) => TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(wait.TotalMilliseconds)));

    private void Told(Exception? error)
    {
        if (error is null == _failing)
        {
            _failing = error is not null;
            if (error is not null and not StorageUnavailableException)
            {
                LogFailing(logger, app.ScaledObject, error);
            }
        }
    }
}
