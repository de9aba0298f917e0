namespace Ebb.Http;

/// <summary>How often and how long a request is tried.</summary>
public sealed record ResilienceOptions
{
    /// <summary>Further attempts after the first. Default 4; 0 turns retries off.</summary>
    public int MaxRetries { get; init; } = 4;

    /// <summary>The first pause, doubled each time, with jitter. Default 250 ms.</summary>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest pause of our own choosing. Default 15 s.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The longest <c>Retry-After</c> that is waited for. Default 60 s. A longer one ends the retries at once: the caller
    /// gets the answer and may come back when the server asked to.
    /// </summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The time for one attempt: to the answer's headers, and to its end when the body is buffered. Default 60 s.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
