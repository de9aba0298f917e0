using System.Collections.Concurrent;
using Ebb.Storage;
using Ebb.Worker;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.RabbitMq.Tests.App;

/// <summary>What the functions did, in the order they did it, and the gates they wait at.</summary>
public sealed class Ledger
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new();

    public ConcurrentQueue<(string Id, RunId Run, int Retry, string? Trace)> Begun { get; } = new();

    public ConcurrentQueue<string> Ended { get; } = new();

    public void Begin(string id, FunctionContext context) =>
        Begun.Enqueue((id, context.RunId, context.RetryContext.RetryCount, context.Activity?.TraceId.ToHexString()));

    public void End(string id) => Ended.Enqueue(id);

    public Task GateOf(string id) => Gate(id).Task;

    public void Open(string id) => Gate(id).TrySetResult();

    public int Beginnings(string id) => Begun.Count(begun => begun.Id == id);

    private TaskCompletionSource Gate(string id) =>
        _gates.GetOrAdd(id, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
