namespace Ebb.Worker;

/// <summary>
/// A function's own verdict that its work has to wait for something: the message comes back after the delay as the same run, and no attempt
/// is used up. Meanwhile no process is needed for it, newer messages of its sequence go first and may supersede it, and whoever waits for the
/// run goes on waiting. For functions started by queue messages and timers; the function itself decides how long it waits in all.
/// </summary>
/// <param name="delay">How long the message stays invisible: up to 7 days. More is 7 days, and what has passed already is no time.</param>
/// <param name="waitingFor">What it waits for, for people; becomes the run's progress.</param>
public sealed class FunctionPostponedException(TimeSpan delay, string waitingFor) : Exception(waitingFor)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>How long the message stays invisible: from zero to 7 days.</summary>
    public TimeSpan Delay { get; } = delay < TimeSpan.Zero ? TimeSpan.Zero : delay < Longest ? delay : Longest;
}
