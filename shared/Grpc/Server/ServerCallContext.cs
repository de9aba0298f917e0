using Microsoft.AspNetCore.Http;

namespace Ebb.Grpc;

/// <summary>What a handler knows of its call.</summary>
public sealed class ServerCallContext
{
    private readonly Func<ValueTask> _writeHeaders;

    internal ServerCallContext(
        string method, IHeaderDictionary requestHeaders, DateTimeOffset? deadline, Func<ValueTask> writeHeaders, CancellationToken cancellationToken) =>
        (Method, RequestHeaders, Deadline, _writeHeaders, CancellationToken) = (method, requestHeaders, deadline, writeHeaders, cancellationToken);

    /// <summary>The method's full name: <c>/service/method</c>.</summary>
    public string Method { get; }

    /// <summary>The request's headers.</summary>
    public IHeaderDictionary RequestHeaders { get; }

    /// <summary>When the caller stops waiting; null when it named no time.</summary>
    public DateTimeOffset? Deadline { get; }

    /// <summary>Cancelled when the caller is gone or the deadline has passed.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Lets the caller of a stream know that it is accepted, before there is a message; else the first message does.</summary>
    public ValueTask WriteResponseHeadersAsync() => _writeHeaders();
}
