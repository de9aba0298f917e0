namespace Ebb.Worker;

/// <summary>
/// Runs a function that a message started again when it fails, after a delay that doubles. Azure Functions has retry attributes too, but not
/// for queues: its tools refuse them there, and its host goes by <c>maxDequeueCount</c>. Under another host this means nothing.
/// </summary>
/// <param name="maxRetryCount">How many times; -1 without end.</param>
/// <param name="minimumInterval">The first delay, as <c>hh:mm:ss</c>.</param>
/// <param name="maximumInterval">The longest delay, as <c>hh:mm:ss</c>; the first for one that stays the same.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MessageRetryAttribute(int maxRetryCount, string minimumInterval, string maximumInterval) : Attribute
{
    /// <summary>How many times; -1 without end.</summary>
    public int MaxRetryCount { get; } = maxRetryCount;

    /// <summary>The first delay.</summary>
    public string MinimumInterval { get; } = minimumInterval;

    /// <summary>The longest delay.</summary>
    public string MaximumInterval { get; } = maximumInterval;
}
