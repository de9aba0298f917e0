using System.Collections.Concurrent;

namespace Ebb.Storage.Tests.Postgres;

/// <summary>Producers and consumers that work on stores until they are told to stop, and what they saw.</summary>
internal sealed class Work(IHostStorage[] stores, TimeSpan lease)
{
    private const string Queue = "work";
    private readonly ConcurrentDictionary<string, byte> _running = new();
    private int _produced;

    /// <summary>The runs that were accepted.</summary>
    public ConcurrentBag<RunId> Accepted { get; } = [];

    /// <summary>How often each run was settled for good, as the store confirmed it.</summary>
    public ConcurrentDictionary<RunId, int> Ended { get; } = new();

    /// <summary>Sequence keys that two consumers held at once.</summary>
    public ConcurrentBag<string> Overlaps { get; } = [];

    /// <summary>The bodies of each sequence in the order in which they were run.</summary>
    public ConcurrentDictionary<string, ConcurrentQueue<int>> Order { get; } = new();

    public async Task ProduceAsync(int producer, Func<bool> goOn, string? sequence = null, TimeSpan pause = default)
    {
        while (goOn())
        {
            var number = Interlocked.Increment(ref _produced);
            var result = await stores[producer % stores.Length].Queues.EnqueueAsync(
                new() { Queue = Queue, Body = $"{number}", SequenceKey = sequence, IdempotencyKey = $"{producer}-{number}" }, default);
            Accepted.Add(result.RunId);
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause);
        }
    }

    /// <summary>Takes and settles; every seventh attempt is retried, every eleventh message is poisoned.</summary>
    public async Task ConsumeAsync(int consumer, int count, CancellationToken cancellationToken)
    {
        var storage = stores[consumer % stores.Length];
        while (!cancellationToken.IsCancellationRequested)
        {
            var messages = await storage.Queues.DequeueAsync(
                new() { Queue = Queue, Function = "F", Instance = $"{consumer}", MaxCount = count, LeaseDuration = lease }, default);
            await Task.WhenAll(messages.Select(message => RunAsync(storage, message)));
            if (messages.Count > 0)
                continue;
            await storage.Queues.WaitForWorkAsync([Queue], cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunAsync(IHostStorage storage, LeasedMessage message)
    {
        var number = int.Parse(message.Body);
        if (message.SequenceKey is { } key)
        {
            if (!_running.TryAdd(key, 0))
                Overlaps.Add(key);
            Order.GetOrAdd(key, _ => new()).Enqueue(number);
            await Task.Delay(1);
            _running.TryRemove(key, out _);
        }
        Settlement settlement = (number % 11, number % 7, message.DequeueCount) switch
        {
            (0, _, _) => new Settlement.Poisoned(new("IOException", "no")),
            (_, 0, 1) => new Settlement.Retried(new("IOException", "again"), TimeSpan.Zero),
            _ => new Settlement.Succeeded(null),
        };
        if (await storage.Queues.SettleAsync(message, settlement, default) && settlement is not Settlement.Retried)
            Ended.AddOrUpdate(message.RunId, 1, (_, times) => times + 1);
    }
}
