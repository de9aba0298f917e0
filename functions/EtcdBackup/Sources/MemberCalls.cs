using System.Runtime.CompilerServices;
using Ebb.Grpc;
using Google.Protobuf;

namespace Ebb.EtcdBackup.Sources;

/// <summary>Calls the methods of one member, with its failures named.</summary>
internal sealed class MemberCalls(string member, GrpcChannel channel) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Headers of every call: a token, or the Talos node.</summary>
    public Dictionary<string, string> Headers { get; } = [];

    public async Task<TResponse> UnaryAsync<TRequest, TResponse>(
        Method<TRequest, TResponse> method, TRequest request, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        try
        {
            return await channel.UnaryAsync(method, request, new GrpcCall { Timeout = Patience, Headers = Headers }, cancellationToken);
        }
        catch (RpcException error)
        {
            throw SourceFaults.OfCall(member, error);
        }
    }

    /// <summary>The messages of a stream; <paramref name="sizeOf"/> says how many bytes of the snapshot each brings.</summary>
    public async IAsyncEnumerable<TResponse> StreamAsync<TRequest, TResponse>(
        Method<TRequest, TResponse> method, TRequest request, Func<TResponse, long> sizeOf, [EnumeratorCancellation] CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        long received = 0;
        await using var messages = channel.StreamAsync(method, request, new GrpcCall { Headers = Headers }, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(messages, received))
        {
            received += sizeOf(messages.Current);
            yield return messages.Current;
        }
    }

    public void Dispose() => channel.Dispose();

    private async ValueTask<bool> NextAsync<T>(IAsyncEnumerator<T> messages, long received)
    {
        try
        {
            return await messages.MoveNextAsync();
        }
        catch (RpcException error)
        {
            throw SourceFaults.OfStream(member, received, error);
        }
    }
}
