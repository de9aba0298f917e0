namespace Ebb.Worker;

/// <summary>When a failed invocation runs again.</summary>
/// <param name="MaxRetryCount">How many times; -1 without end.</param>
/// <param name="MinimumInterval">The first delay.</param>
/// <param name="MaximumInterval">The longest delay; equal to the first for a fixed delay.</param>
public sealed record RetryPolicy(int MaxRetryCount, TimeSpan MinimumInterval, TimeSpan MaximumInterval);
