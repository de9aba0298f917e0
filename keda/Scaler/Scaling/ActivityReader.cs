using Ebb.Scaler.Metadata;
using Ebb.Scaler.Reading;

namespace Ebb.Scaler.Scaling;

/// <summary>Reads how active an app is.</summary>
internal sealed class ActivityReader(SnapshotReader snapshots, TimeProvider time)
{
    /// <exception cref="StorageUnavailableException">Host storage did not answer.</exception>
    public async ValueTask<Activity> ReadAsync(ScaledApp app, TimeSpan maxAge, CancellationToken cancellationToken) =>
        Activity.Of(app, await snapshots.ReadAsync(app.AllQueues, maxAge, cancellationToken), time.GetUtcNow());
}
