using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Ebb.Storage;

namespace Ebb.EndToEnd.Tests.Scaling.Chaos;

/// <summary>Enqueues work of all kinds until it is stopped; what was not accepted for certain is enqueued again under its idempotency key.</summary>
internal sealed class Producer(IHostStorage storage, TimeSpan pause)
{
    private const int Keys = 8;
    private readonly ConcurrentDictionary<string, RunId> _accepted = new(StringComparer.Ordinal);
    private int _number;

    /// <summary>The run of each idempotency key.</summary>
    public IReadOnlyDictionary<string, RunId> Accepted => _accepted;

    /// <summary>How often host storage did not take a message.</summary>
    public int Refusals { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var number = _number++;
            var request = Request(number);
            while (!await TryAsync(request))
                await Task.Delay(100, CancellationToken.None);
            await Task.Delay(pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TryAsync(EnqueueRequest request)
    {
        try
        {
            _accepted[request.IdempotencyKey!] = (await storage.Queues.EnqueueAsync(request, CancellationToken.None)).RunId;
            return true;
        }
        catch (HostStorageException)
        {
            Refusals++;
            return false;
        }
    }

    private static EnqueueRequest Request(int number)
    {
        var sequenceKey = number % 3 == 0 ? null : $"key-{number % Keys}";
        var body = new JsonObject
        {
            ["key"] = sequenceKey ?? $"free-{number}",
            ["number"] = number,
            ["milliseconds"] = RandomNumberGenerator.GetInt32(1200),
        };

        // Some cannot be read: they end poisoned and hold nobody up.
        var text = number % 40 == 39 ? "{not JSON" : body.ToJsonString();
        return new EnqueueRequest { Queue = ScalingStage.Queue, Body = text, SequenceKey = sequenceKey, IdempotencyKey = $"m-{number}" };
    }
}
