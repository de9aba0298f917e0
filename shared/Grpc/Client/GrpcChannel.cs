using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace Ebb.Grpc;

/// <summary>
/// Calls the methods of a server over HTTP/2: unary and server streaming. An <c>http</c> address means HTTP/2 without negotiation
/// (prior knowledge, RFC 9113, section 3.3). Repeats nothing by itself; <see cref="RpcException.IsTransient"/> says what may be repeated.
/// </summary>
public sealed class GrpcChannel : IDisposable
{
    private readonly HttpClient _client;
    private readonly GrpcChannelOptions _options;
    private readonly TimeProvider _time;

    private GrpcChannel(Uri address, GrpcChannelOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _client = new HttpClient(options.Handler ?? ChannelSockets.Create(options, time))
        {
            BaseAddress = address,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Creates a channel; connections are opened when calls are made.</summary>
    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        return new(address, options, time);
    }

    /// <summary>Calls a method that answers with one message.</summary>
    /// <exception cref="RpcException">The call ended with another status than OK; DEADLINE_EXCEEDED when its time was over.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<TResponse> UnaryAsync<TRequest, TResponse>(
        Method<TRequest, TResponse> method, TRequest request, GrpcCall call, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        TResponse? response = null;
        await foreach (var message in StreamAsync(method, request, call, cancellationToken))
        {
            // Response cardinality violation (doc/statuscodes.md).
            response = response is null
                ? message
                : throw new RpcException(StatusCode.Unimplemented, $"{method.FullName} answered with more than one message.");
        }

        return response ?? throw new RpcException(StatusCode.Unimplemented, $"{method.FullName} answered OK without a message.");
    }

    /// <summary>
    /// Calls a method that answers with a stream. Holds one message at a time: what is not read yet waits at the server. Leaving the
    /// enumeration early cancels the call.
    /// </summary>
    /// <exception cref="RpcException">The call ended with another status than OK; messages before it were given out.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public IAsyncEnumerable<TResponse> StreamAsync<TRequest, TResponse>(
        Method<TRequest, TResponse> method, TRequest request, GrpcCall call, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(call);
        return ReadAsync(method, request, call, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async IAsyncEnumerable<TResponse> ReadAsync<TRequest, TResponse>(
        Method<TRequest, TResponse> method, TRequest request, GrpcCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        using var limit = new CallLimit(method.FullName, call.Timeout, _time, cancellationToken);
        using var message = ClientRequest.Create(method.FullName, request, call);
        using var response = await limit.GuardAsync(token => _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, token));
        var encoding = ResponseHead.Check(method.FullName, response);
        await using var stream = await limit.GuardAsync(token => response.Content.ReadAsStreamAsync(token));
        using var reader = new MessageReader(stream, encoding, _options.MaxReceiveMessageBytes);
        while (await limit.GuardAsync(token => reader.ReadAsync(method.ResponseParser, token)) is { } next)
        {
            yield return next;
        }

        ResponseHead.CheckEnd(method.FullName, response);
    }
}
