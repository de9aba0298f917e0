using System.Runtime.CompilerServices;
using Grpc.Core;

namespace Ebb.EtcdBackup.Sources;

/// <summary>Makes the calls of one member, with its failures named.</summary>
internal sealed class MemberCalls(string member)
{
    /// <summary>How long a call that answers with one message may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Headers of every call: a token, or the Talos node.</summary>
    public Dictionary<string, string> Headers { get; } = [];

    /// <exception cref="SnapshotException">The call did not succeed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<TResponse> UnaryAsync<TRequest, TResponse>(
        Func<TRequest, CallOptions, AsyncUnaryCall<TResponse>> method, TRequest request, CancellationToken cancellationToken)
    {
        // The library reads the system's clock against this, and sends the server what is left.
        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime + Patience;
        try
        {
            using var call = method(request, new CallOptions(Sent(), deadline, cancellationToken));
            return await call;
        }
        catch (RpcException error)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw SourceFaults.OfCall(member, error);
        }
    }

    /// <summary>The messages of a stream, one in memory at a time; <paramref name="sizeOf"/> says how many bytes of the snapshot each brings.</summary>
    /// <exception cref="SnapshotException">The stream did not end with OK.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async IAsyncEnumerable<TResponse> StreamAsync<TRequest, TResponse>(
        Func<TRequest, CallOptions, AsyncServerStreamingCall<TResponse>> method,
        TRequest request,
        Func<TResponse, long> sizeOf,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long received = 0;
        using var call = method(request, new CallOptions(Sent(), cancellationToken: cancellationToken));
        while (await NextAsync(call.ResponseStream, received, cancellationToken))
        {
            received += sizeOf(call.ResponseStream.Current);
            yield return call.ResponseStream.Current;
        }
    }

    private async ValueTask<bool> NextAsync<T>(IAsyncStreamReader<T> messages, long received, CancellationToken cancellationToken)
    {
        try
        {
            return await messages.MoveNext(cancellationToken);
        }
        catch (RpcException error)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw SourceFaults.OfStream(member, received, error);
        }
    }

    private Metadata Sent()
    {
        var sent = new Metadata();
        foreach (var (name, value) in Headers)
        {
            sent.Add(name, value);
        }

        return sent;
    }
}
