namespace Ebb.Storage.Tests.Sqlite;

/// <summary>Random operations against a naive model of a queue; now and then the store is opened anew.</summary>
public sealed class ModelTests : IAsyncLifetime
{
    private const string Queue = "q";
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTime _time = new();
    private readonly List<Expected> _model = [];
    private readonly Dictionary<RunId, LeasedMessage> _leases = [];
    private IHostStorage _storage = null!;
    private TimeSpan _now;
    private int _order;

    public async ValueTask InitializeAsync() => _storage = await TestStore.OpenAsync(_directory.Path, time: _time);

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Storage_RandomOperations_BehavesAsTheModel(int seed)
    {
        var random = new Random(seed);
        for (var step = 0; step < 300; step++)
        {
            await StepAsync(random);
            await CheckAsync($"seed {seed}, step {step}");
            if (step % 50 == 0)
                await ReopenAsync();
        }
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(0, 60)];

    private Task StepAsync(Random random) => random.Next(9) switch
    {
        0 or 1 or 2 => EnqueueAsync(random),
        3 or 4 => DequeueAsync(random.Next(1, 3)),
        5 or 6 => SettleAsync(random),
        7 => PassAsync(TimeSpan.FromSeconds(random.Next(0, 6))),
        _ => RedriveOrPurgeAsync(random.Next(12)),
    };

    private async Task EnqueueAsync(Random random)
    {
        var sequence = random.Next(3) is > 0 and var key ? $"s{key}" : null;
        var request = new EnqueueRequest
        {
            Queue = Queue,
            Body = $"{_order}",
            SequenceKey = sequence,
            SupersedesWaiting = sequence is not null && random.Next(4) == 0,
            Delay = TimeSpan.FromSeconds(random.Next(4) == 0 ? random.Next(8) : 0),
        };
        var (id, _) = await _storage.Queues.EnqueueAsync(request, default);
        if (request.SupersedesWaiting)
            _model.RemoveAll(message => message.Sequence == sequence && message.State == RunState.Queued);
        _model.Add(new(id, sequence) { Order = _order++, Due = _now + request.Delay });
    }

    private async Task DequeueAsync(int count)
    {
        var expected = ReadyInModel().Take(count).ToList();
        var taken = await _storage.Queues.DequeueAsync(
            new() { Queue = Queue, Function = "F", Instance = "i", MaxCount = count, LeaseDuration = Lease }, default);
        taken.Select(message => message.RunId).ShouldBe(expected.Select(message => message.Id));
        foreach (var (lease, message) in taken.Zip(expected))
        {
            (message.State, message.Due) = (RunState.Running, _now + Lease);
            message.Count++;
            _leases[lease.RunId] = lease;
            lease.DequeueCount.ShouldBe(message.Count);
        }
    }

    private async Task SettleAsync(Random random)
    {
        if (_leases.Count == 0)
            return;
        var lease = _leases.Values.ElementAt(random.Next(_leases.Count));
        var message = _model.Find(candidate => candidate.Id == lease.RunId);
        var held = message is { State: RunState.Running } && message.Count == lease.DequeueCount;
        var error = new RunError("E", "e");
        var delay = TimeSpan.FromSeconds(random.Next(4));
        Settlement settlement = random.Next(4) switch
        {
            0 => new Settlement.Succeeded(null),
            1 => new Settlement.Retried(error, delay),
            2 => new Settlement.Poisoned(error),
            _ => new Settlement.Failed(error),
        };
        (await _storage.Queues.SettleAsync(lease, settlement, default)).ShouldBe(held);
        _leases.Remove(lease.RunId);
        if (!held)
            return;
        switch (settlement)
        {
            case Settlement.Retried:
                (message!.State, message.Due) = (RunState.Queued, _now + delay);
                break;
            case Settlement.Poisoned:
                (message!.State, message.Order) = (RunState.Poisoned, _order++);
                break;
            default:
                _model.Remove(message!);
                break;
        }
    }

    private Task PassAsync(TimeSpan time)
    {
        _now += time;
        _time.Advance(time);
        foreach (var message in _model.Where(message => message.State == RunState.Running && message.Due <= _now))
            (message.State, message.Due) = (RunState.Queued, _now);
        return Task.CompletedTask;
    }

    private async Task RedriveOrPurgeAsync(int choice)
    {
        if (choice < 8)
        {
            var poisoned = _model.Where(message => message.State == RunState.Poisoned).OrderBy(message => message.Order).ToList();
            (await _storage.Queues.RedriveAsync(Queue, null, default)).ShouldBe(poisoned.Count);
            foreach (var message in poisoned)
                (message.State, message.Due, message.Count, message.Order) = (RunState.Queued, _now, 0, _order++);
            return;
        }
        var state = choice == 8 ? RunState.Queued : RunState.Poisoned;
        var purged = await _storage.Queues.PurgeAsync(Queue, state == RunState.Poisoned, default);
        _model.RemoveAll(message => message.State == state).ShouldBe(purged);
    }

    /// <summary>The leases of the process before are void.</summary>
    private async Task ReopenAsync()
    {
        await _storage.DisposeAsync();
        _storage = await TestStore.OpenAsync(_directory.Path, time: _time);
        foreach (var message in _model.Where(message => message.State == RunState.Running))
            (message.State, message.Due) = (RunState.Queued, _now);
    }

    private async Task CheckAsync(string where)
    {
        var counts = await _storage.Queues.CountAsync(Queue, default);
        var ready = ReadyInModel().Count();
        counts.ShouldBe(new QueueCounts(
            ready,
            _model.Count(message => message.State == RunState.Queued) - ready,
            _model.Count(message => message.State == RunState.Running),
            _model.Count(message => message.State == RunState.Poisoned),
            counts.OldestReadyAt), where);
        (counts.OldestReadyAt is null).ShouldBe(ready == 0, where);
        (await _storage.Queues.PeekAsync(Queue, false, int.MaxValue, default)).Select(message => message.RunId).ShouldBe(
            _model.Where(message => message.State != RunState.Poisoned).OrderBy(message => message.Order).Select(message => message.Id), where);
        var states = (await _storage.Runs.ListAsync(new() { Limit = 1000 }, default)).GroupBy(run => run.State).ToDictionary(state => state.Key, state => state.Count());
        states.GetValueOrDefault(RunState.Poisoned).ShouldBe(counts.Poisoned, where);
        states.GetValueOrDefault(RunState.Running).ShouldBe(counts.Running, where);
    }

    private IEnumerable<Expected> ReadyInModel() =>
        _model.Where(message =>
            message.State == RunState.Queued && message.Due <= _now
            && (message.Sequence is null || !_model.Exists(other =>
                other.Sequence == message.Sequence && other.Order < message.Order && other.State != RunState.Poisoned)))
            .OrderBy(message => message.Order);

    private sealed class Expected(RunId id, string? sequence)
    {
        public RunId Id => id;

        public string? Sequence => sequence;

        public RunState State { get; set; } = RunState.Queued;

        public int Order { get; set; }

        public int Count { get; set; }

        public TimeSpan Due { get; set; }
    }
}
