using System.Net;

namespace Ebb.Http;

/// <summary>What one request needs that differs from its client's settings.</summary>
public sealed record CallOptions
{
    private static readonly HttpRequestOptionsKey<CallOptions> Key = new("Ebb.Http.CallOptions");

    /// <summary>
    /// Reads the body within the attempt, at most this many bytes; a body cut short is then retried like a dropped link.
    /// Null: the caller streams it, and the host's slot is held until the answer is disposed.
    /// </summary>
    public int? MaxBodyBytes { get; init; }

    /// <summary>The time for one attempt; null: the client's setting. <see cref="Timeout.InfiniteTimeSpan"/> for a streamed upload that watches itself.</summary>
    public TimeSpan? AttemptTimeout { get; init; }

    /// <summary>Whether a repetition is harmless. Null: as the method says (GET, HEAD, PUT, DELETE and OPTIONS are).</summary>
    public bool? Repeatable { get; init; }

    /// <summary>Waits for no slot of the host's limit. For logins that other requests, which hold slots, wait for.</summary>
    public bool Unlimited { get; init; }

    /// <summary>Whether a buffered answer is not to be asked for again although its status says that it may pass. Null: the status decides.</summary>
    public Func<HttpStatusCode, byte[], bool>? IsFinal { get; init; }

    internal static CallOptions Of(HttpRequestMessage request) =>
        request.Options.TryGetValue(Key, out var options) ? options : Default;

    internal static CallOptions Default { get; } = new();

    /// <summary>Puts the options on a request.</summary>
    public HttpRequestMessage ApplyTo(HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Options.Set(Key, this);
        return request;
    }
}
