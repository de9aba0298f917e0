namespace Ebb.Worker.Queues;

/// <summary>
/// How a lease of some duration is kept. Everything counts from the moment before the store was asked for it or for its renewal, on the
/// running clock, so that it is over here before it is over at the store, whatever happens to the wall clocks of both.
/// </summary>
/// <param name="Duration">How long the store holds it.</param>
internal sealed record LeaseTerm(TimeSpan Duration)
{
    /// <summary>When it is renewed.</summary>
    public TimeSpan RenewAfter => Duration / 3;

    /// <summary>How long a renewal may take before it is given up and tried again.</summary>
    public TimeSpan AnswerLimit => Duration / 6;

    /// <summary>The pause after a renewal that failed.</summary>
    public TimeSpan RetryPause => Duration / 12;

    /// <summary>When the work is cancelled if no renewal came through: what is left is for unwinding.</summary>
    public TimeSpan CancelAfter => Duration * 0.75;

    /// <summary>When the work must have ended: what is left is for ending a process in which it has not.</summary>
    public TimeSpan EndAfter => Duration * 0.9;

    /// <summary>How long the work may unwind when the store says that the lease is gone: it may run elsewhere already.</summary>
    public TimeSpan UnwindTime => Duration / 10;
}
