using System.Text;
using System.Text.Json;
using Ebb.Storage;
using Ebb.Worker.Definitions;
using Ebb.Worker.Http;
using Ebb.Worker.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.Worker.Invocations;

/// <summary>Sends what a function returned to its outputs.</summary>
internal sealed class OutputSending(IServiceProvider services)
{
    public async ValueTask SendAsync(Invocation invocation, IReadOnlyList<OutputValue> values)
    {
        foreach (var value in values)
        {
            var output = invocation.Function.Outputs.First(one => one.Name == value.Name);
            for (var i = 0; i < value.Messages.Count; i++)
            {
                await (output.IsBroker ? ToBrokerAsync(invocation, output, value.Messages[i], i) : ToQueueAsync(invocation, output, value.Messages[i], i));
            }
        }
    }

    private Task ToBrokerAsync(Invocation invocation, HostedOutput output, string json, int number) =>
        services.GetRequiredService<IOutputSender>().SendAsync(
            new OutputMessage(invocation.RunId, invocation.Function.Name, output.Queue, json, invocation.Activity?.Id) { Part = PartOf(output, number) },
            invocation.Token);

    // A run that is tried again after its output was accepted does not send it twice: the key is the run's own.
    private async Task ToQueueAsync(Invocation invocation, HostedOutput output, string json, int number) =>
        await services.GetRequiredService<IHostStorage>().Queues.EnqueueAsync(
            new EnqueueRequest
            {
                Queue = output.Queue,
                Body = BodyOf(invocation, output, json),
                IdempotencyKey = $"{invocation.RunId}/{output.Name}/{number}",
                TraceParent = invocation.Activity?.Id,
                TraceState = invocation.Activity?.TraceStateString,
                Caller = invocation.Caller,
            },
            invocation.Token);

    // A string is its own text, so that a function that takes a string gets what another returned.
    private static string BodyOf(Invocation invocation, HostedOutput output, string json)
    {
        var body = json is ['"', ..] ? JsonSerializer.Deserialize(json, WorkerJson.Default.String)! : json;
        var what = $"What function '{invocation.Function.Name}' returned for the queue '{output.Queue}'";
        var problem = StorableText.Problem(what, body)
            ?? (Encoding.UTF8.GetByteCount(body) > EnqueueRequest.MaxBodyBytes ? $"{what} is longer than a message may be, which is 4 MiB. Keep it elsewhere and send where." : null);
        return problem is null ? body : throw new InvalidOperationException(problem);
    }

    private static string? PartOf(HostedOutput output, int number) =>
        output.Name == OutputDefinition.ReturnValue && number == 0 ? null : $"{output.Name}-{number}";
}
