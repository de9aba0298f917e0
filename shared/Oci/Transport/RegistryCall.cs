using Ebb.Http;

namespace Ebb.Oci.Transport;

/// <summary>One call of the distribution API. It can be sent more than once: a 401 or a redirect makes a new request of it.</summary>
/// <param name="Method">The method.</param>
/// <param name="Uri">The address.</param>
/// <param name="Subject">What it is about, for messages: <c>manifest library/alpine:3.21</c>.</param>
internal sealed record RegistryCall(HttpMethod Method, Uri Uri, string Subject)
{
    /// <summary>The repository, if the call is about one.</summary>
    public string? Repository { get; init; }

    /// <summary>The token scopes it needs.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>The Accept header.</summary>
    public string? Accept { get; init; }

    /// <summary>The first byte wanted; null for all.</summary>
    public long? RangeFrom { get; init; }

    /// <summary>Waits for the server's go-ahead before a long body.</summary>
    public bool ExpectContinue { get; init; }

    /// <summary>Makes the body, anew for each sending.</summary>
    public Func<HttpContent>? Content { get; init; }

    /// <summary>Limits.</summary>
    public CallOptions Options { get; init; } = new() { MaxBodyBytes = DefaultMaxBodyBytes };

    /// <summary>For answers that are errors or short.</summary>
    public const int DefaultMaxBodyBytes = 1024 * 1024;

    /// <summary>What was tried, for messages.</summary>
    public override string ToString() => $"{Method} {Subject} at {Uri.Authority}";

    public HttpRequestMessage CreateRequest(Uri uri)
    {
        var request = new HttpRequestMessage(Method, uri) { Content = Content?.Invoke() };
        if (Accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", Accept);
        }

        if (RangeFrom is { } from)
        {
            request.Headers.Range = new(from, null);
        }

        request.Headers.ExpectContinue = ExpectContinue ? true : null;
        return Options.ApplyTo(request);
    }
}
