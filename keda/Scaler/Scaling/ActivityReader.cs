using Ebb.Scaler.Metadata;
using Ebb.Scaler.Reading;
using Microsoft.Extensions.Logging;

namespace Ebb.Scaler.Scaling;

/// <summary>Reads how active an app is, and says once when a timer's metadata disagrees with its worker.</summary>
internal sealed partial class ActivityReader(SnapshotReader snapshots, TimeProvider time, ILogger<ActivityReader> logger)
{
    private const int MostTold = 10_000;

    private readonly Lock _gate = new();
    private readonly HashSet<(string ScaledObject, ScaledTimer Timer, string Stored)> _told = [];

    /// <exception cref="StorageUnavailableException">Host storage did not answer.</exception>
    public async ValueTask<Activity> ReadAsync(ScaledApp app, TimeSpan maxAge, CancellationToken cancellationToken)
    {
        var snapshot = await snapshots.ReadAsync(app.AllQueues, maxAge, cancellationToken);
        var activity = Activity.Of(app, snapshot, time.GetUtcNow());
        foreach (var timer in activity.Mismatched)
        {
            Tell(app, timer, snapshot.Timers[timer.Function].Schedule);
        }

        return activity;
    }

    private void Tell(ScaledApp app, ScaledTimer timer, string stored)
    {
        lock (_gate)
        {
            if (_told.Count >= MostTold)
            {
                _told.Clear();
            }

            if (_told.Add((app.ScaledObject, timer, stored)))
            {
                LogMismatch(timer.Function, app.ScaledObject, timer.StoredSchedule, stored);
            }
        }
    }
}
