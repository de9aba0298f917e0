using System.Net.Sockets;

namespace Ebb.Grpc;

/// <summary>The time of one call, and what its failures mean.</summary>
internal sealed class CallLimit : IDisposable
{
    private readonly string _method;
    private readonly TimeSpan? _timeout;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _both;
    private readonly CancellationToken _caller;

    public CallLimit(string method, TimeSpan? timeout, TimeProvider time, CancellationToken caller)
    {
        (_method, _timeout, _caller) = (method, timeout, caller);
        _deadline = new CancellationTokenSource(timeout ?? Timeout.InfiniteTimeSpan, time);
        _both = CancellationTokenSource.CreateLinkedTokenSource(_deadline.Token, caller);
    }

    /// <summary>Runs a step of the call.</summary>
    /// <exception cref="RpcException">It failed; the status says in what way.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<T> GuardAsync<T>(Func<CancellationToken, Task<T>> step)
    {
        try
        {
            return await step(_both.Token);
        }
        catch (Exception error) when (error is not RpcException)
        {
            _caller.ThrowIfCancellationRequested();
            throw _deadline.IsCancellationRequested
                ? new RpcException(StatusCode.DeadlineExceeded, $"{_method} did not end within {_timeout}.", error)
                : new RpcException(StatusOf(error), $"{_method}: {error.GetBaseException().Message}", error);
        }
    }

    public void Dispose()
    {
        _both.Dispose();
        _deadline.Dispose();
    }

    // Error codes of HTTP/2: PROTOCOL-HTTP2, Errors. Everything else means that the connection was not to be had or was lost.
    private static StatusCode StatusOf(Exception error)
    {
        for (var inner = error; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case HttpProtocolException protocol:
                    return OfHttp2(protocol.ErrorCode);
                case SocketException:
                    return StatusCode.Unavailable;
            }
        }

        return error is HttpRequestException or IOException ? StatusCode.Unavailable : StatusCode.Internal;
    }

    private static StatusCode OfHttp2(long code) => code switch
    {
        0x0 => StatusCode.Unavailable, // GOAWAY without an error: the server is going away
        0x7 => StatusCode.Unavailable, // REFUSED_STREAM
        0x8 => StatusCode.Cancelled,
        0xb => StatusCode.ResourceExhausted, // ENHANCE_YOUR_CALM
        0xc => StatusCode.PermissionDenied, // INADEQUATE_SECURITY
        _ => StatusCode.Internal,
    };
}
