namespace Ebb.Http;

/// <summary>The Retry-After header (RFC 9110, section 10.2.3): seconds or a date.</summary>
public static class RetryAfter
{
    /// <summary>How long the server asks to wait; null when it does not say, zero when the date has passed.</summary>
    public static TimeSpan? Of(HttpResponseMessage response, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(response);
        ArgumentNullException.ThrowIfNull(time);
        var wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
