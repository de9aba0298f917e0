namespace Ebb.Scaler.Scaling;

/// <summary>How often things are looked at.</summary>
internal sealed record ScalerTimings
{
    /// <summary>How old an answer to a poll may be.</summary>
    public TimeSpan PollAge { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How often an active stream says so again: KEDA drops a push while it does not know the metric yet.</summary>
    public TimeSpan Repeat { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often an idle stream looks without a reason, on the same beat as all others: a timer may have been edited.</summary>
    public TimeSpan Beat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a stream pauses when storage fails.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

}
