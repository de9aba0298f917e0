namespace Ebb.Storage;

/// <summary>
/// What is known of each timer. An occurrence is claimed and its run accepted in one atomic step, so that across all
/// replicas and restarts every occurrence starts exactly one run.
/// </summary>
public interface IScheduleStore
{
    /// <summary>The state of a timer; null before its first.</summary>
    ValueTask<ScheduleState?> GetAsync(string timer, CancellationToken cancellationToken);

    /// <summary>The state of every timer, by name.</summary>
    ValueTask<IReadOnlyList<ScheduleState>> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Sets the state of a timer whose schedule is new or was edited, if its stored <see cref="ScheduleState.Next"/> and
    /// <see cref="ScheduleState.Schedule"/> are still those of <paramref name="expected"/> (null: no state is stored).
    /// </summary>
    /// <returns>False: another replica was first; read again.</returns>
    ValueTask<bool> TrySetAsync(ScheduleState state, ScheduleState? expected, CancellationToken cancellationToken);

    /// <summary>
    /// Claims one occurrence: if the stored <see cref="ScheduleState.Next"/> is still <see cref="ScheduleClaim.Expected"/>'s,
    /// the new state is stored and the message accepted, together.
    /// </summary>
    /// <returns>The run; null when another replica was first.</returns>
    ValueTask<RunId?> TryClaimAsync(ScheduleClaim claim, CancellationToken cancellationToken);
}

/// <summary>The state of a timer.</summary>
/// <param name="Timer">The function's name.</param>
/// <param name="Schedule">The schedule expression and time zone that <paramref name="Next"/> was computed from.</param>
/// <param name="Last">The occurrence that was claimed last; null before the first.</param>
/// <param name="Next">The next occurrence.</param>
/// <param name="LastUpdated">When this was stored.</param>
public sealed record ScheduleState(
    string Timer, string Schedule, DateTimeOffset? Last, DateTimeOffset Next, DateTimeOffset LastUpdated)
{
    /// <summary>The queue that a timer's occurrences go through.</summary>
    public static string QueueOf(string timer) => $"$timer-{timer}";
}

/// <summary>A claim of one occurrence.</summary>
/// <param name="Expected">The state that was read.</param>
/// <param name="NewState">The state to store: Last is the claimed occurrence, Next the one after.</param>
/// <param name="Message">The message to accept for the occurrence.</param>
public sealed record ScheduleClaim(ScheduleState Expected, ScheduleState NewState, EnqueueRequest Message);
