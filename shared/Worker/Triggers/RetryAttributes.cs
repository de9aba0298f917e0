namespace Ebb.Worker;

/// <summary>Runs a failed invocation again after a fixed delay.</summary>
/// <param name="maxRetryCount">How many times; -1 without end.</param>
/// <param name="delayInterval">The delay, as <c>hh:mm:ss</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FixedDelayRetryAttribute(int maxRetryCount, string delayInterval) : Attribute
{
    /// <summary>How many times; -1 without end.</summary>
    public int MaxRetryCount { get; } = maxRetryCount;

    /// <summary>The delay.</summary>
    public string DelayInterval { get; } = delayInterval;
}

/// <summary>Runs a failed invocation again after a delay that doubles.</summary>
/// <param name="maxRetryCount">How many times; -1 without end.</param>
/// <param name="minimumInterval">The first delay, as <c>hh:mm:ss</c>.</param>
/// <param name="maximumInterval">The longest delay, as <c>hh:mm:ss</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ExponentialBackoffRetryAttribute(int maxRetryCount, string minimumInterval, string maximumInterval) : Attribute
{
    /// <summary>How many times; -1 without end.</summary>
    public int MaxRetryCount { get; } = maxRetryCount;

    /// <summary>The first delay.</summary>
    public string MinimumInterval { get; } = minimumInterval;

    /// <summary>The longest delay.</summary>
    public string MaximumInterval { get; } = maximumInterval;
}
