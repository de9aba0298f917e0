using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Grpc.Core;
using Microsoft.Azure.Functions.Worker.Grpc.Messages;

namespace Ebb.TestServers.Functions;

/// <summary>What goes over one worker's stream, answers matched with what was asked.</summary>
internal sealed class WorkerLink
{
    private readonly Channel<StreamingMessage> _out = Channel.CreateUnbounded<StreamingMessage>();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> _asked = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<InvocationResponse>> _invoked = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the worker has begun its stream.</summary>
    public Task Started => _started.Task;

    public Action<string> OnLog { get; set; } = static _ => { };

    public ChannelReader<StreamingMessage> Out => _out.Reader;

    public ValueTask SendAsync(StreamingMessage message) => _out.Writer.WriteAsync(message);

    public async Task<StreamingMessage> AskAsync(StreamingMessage message)
    {
        message.RequestId = Guid.NewGuid().ToString();
        var answer = _asked[message.RequestId] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await SendAsync(message);
        return await answer.Task;
    }

    public async Task<InvocationResponse> InvokeAsync(InvocationRequest request)
    {
        var answer = _invoked[request.InvocationId] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await SendAsync(new StreamingMessage { InvocationRequest = request });
        return await answer.Task;
    }

    public void Take(StreamingMessage message)
    {
        switch (message.ContentCase)
        {
            case StreamingMessage.ContentOneofCase.StartStream:
                _started.TrySetResult();
                break;
            case StreamingMessage.ContentOneofCase.RpcLog:
                OnLog($"{message.RpcLog.Level} {message.RpcLog.Category} {message.RpcLog.Message} {message.RpcLog.Exception?.Message}");
                break;
            case StreamingMessage.ContentOneofCase.InvocationResponse:
                if (_invoked.TryRemove(message.InvocationResponse.InvocationId, out var invoked))
                {
                    invoked.TrySetResult(message.InvocationResponse);
                }

                break;
            default:
                if (_asked.TryRemove(message.RequestId, out var asked))
                {
                    asked.TrySetResult(message);
                }

                break;
        }
    }
}

/// <summary>The service that a worker connects to.</summary>
internal sealed class WorkerService(WorkerLink link) : FunctionRpc.FunctionRpcBase
{
    public override async Task EventStream(
        IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
    {
        var ended = context.CancellationToken;
        var writing = WriteAsync(responseStream, ended);
        try
        {
            while (await requestStream.MoveNext(ended))
            {
                link.Take(requestStream.Current);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The worker is gone.
        }

        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WriteAsync(IServerStreamWriter<StreamingMessage> stream, CancellationToken ended)
    {
        await foreach (var message in link.Out.ReadAllAsync(ended))
        {
            await stream.WriteAsync(message, ended);
        }
    }
}

/// <summary>The bindings of a function, which a worker gives as JSON.</summary>
internal static class RawBinding
{
    public static IEnumerable<(string Name, BindingInfo Binding)> Read(RpcFunctionMetadata function)
    {
        foreach (var raw in function.RawBindings)
        {
            using var json = JsonDocument.Parse(raw);
            var binding = json.RootElement;
            yield return (binding.GetProperty("name").GetString()!, new BindingInfo
            {
                Type = binding.GetProperty("type").GetString(),
                Direction = binding.GetProperty("direction").GetString() is "In" ? BindingInfo.Types.Direction.In : BindingInfo.Types.Direction.Out,
            });
        }
    }
}
