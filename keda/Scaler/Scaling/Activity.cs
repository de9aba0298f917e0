using Ebb.Scaler.Metadata;
using Ebb.Scaler.Reading;

namespace Ebb.Scaler.Scaling;

/// <summary>Whether an app has work, and how much. Decided from one snapshot and the clock alone.</summary>
internal sealed record Activity
{
    /// <summary>Messages that are ready or running.</summary>
    public required long Messages { get; init; }

    /// <summary>Timers that are due, or will be within the lead, and that no worker has claimed yet.</summary>
    public required int DueTimers { get; init; }

    /// <summary>Timers that no worker has registered as the ScaledObject says them.</summary>
    public required IReadOnlyList<ScaledTimer> Unregistered { get; init; }

    /// <summary>When the next timer comes within its lead; null when no timer is ahead.</summary>
    public required DateTimeOffset? NextLead { get; init; }

    /// <summary>Whether at least one replica is wanted.</summary>
    public bool IsActive => Metric > 0;

    /// <summary>What the number of replicas is computed from. One pod is enough to register all timers.</summary>
    public long Metric => Messages + DueTimers + (Unregistered.Count > 0 ? 1 : 0);

    public static Activity Of(ScaledApp app, StorageSnapshot snapshot, DateTimeOffset now)
    {
        var unregistered = new List<ScaledTimer>();
        var due = 0;
        DateTimeOffset? nextLead = null;
        foreach (var timer in app.Timers)
        {
            if (!snapshot.Timers.TryGetValue(timer.Function, out var state) || state.Schedule != timer.StoredSchedule)
            {
                unregistered.Add(timer);
            }
            else if (state.Next - now <= app.Lead)
            {
                due++;
            }
            else if (nextLead is null || state.Next - app.Lead < nextLead)
            {
                nextLead = state.Next - app.Lead;
            }
        }

        return new()
        {
            Messages = app.AllQueues.Sum(queue => snapshot.Queues.TryGetValue(queue, out var counts) ? (long)counts.Ready + counts.Running : 0),
            DueTimers = due,
            Unregistered = unregistered,
            NextLead = nextLead,
        };
    }
}
