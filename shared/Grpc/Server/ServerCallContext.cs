using Microsoft.AspNetCore.Http;

namespace Ebb.Grpc;

/// <summary>What a handler knows of its call.</summary>
public sealed class ServerCallContext
{
    internal ServerCallContext(string method, IHeaderDictionary requestHeaders, DateTimeOffset? deadline, CancellationToken cancellationToken) =>
        (Method, RequestHeaders, Deadline, CancellationToken) = (method, requestHeaders, deadline, cancellationToken);

    /// <summary>The method's full name: <c>/service/method</c>.</summary>
    public string Method { get; }

    /// <summary>The request's headers.</summary>
    public IHeaderDictionary RequestHeaders { get; }

    /// <summary>When the caller stops waiting; null when it named no time.</summary>
    public DateTimeOffset? Deadline { get; }

    /// <summary>Cancelled when the caller is gone or the deadline has passed.</summary>
    public CancellationToken CancellationToken { get; }
}
