using System.Buffers;
using Ebb.Storage.State;

namespace Ebb.Storage.Tests.State;

/// <summary>
/// Random operations against a naive model of a queue; and after each of them the state must survive both ways in
/// which it is stored: every entry as JSON, and a snapshot.
/// </summary>
public sealed class StoreStateModelTests
{
    private const string Queue = "q";
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    private readonly List<Expected> _model = [];
    private readonly List<JournalEntry> _journal = [];
    private readonly Dictionary<RunId, LeasedMessage> _leases = [];
    private StoreState _state = new();
    private Instant _now = new(new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromHours(1));
    private int _order;

    [Theory]
    [MemberData(nameof(Seeds))]
    public void HostState_RandomOperations_BehavesAsTheModel(int seed)
    {
        var random = new Random(seed);
        for (var step = 0; step < 300; step++)
        {
            Step(random);
            Check($"seed {seed}, step {step}");
            if (step % 25 == 0)
                _state = random.Next(2) == 0 ? Rebuilt(_journal) : Rebuilt(_state.Snapshot());
        }
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(0, 60)];

    private void Step(Random random)
    {
        switch (random.Next(9))
        {
            case 0 or 1 or 2:
                Enqueue(random);
                break;
            case 3 or 4:
                Dequeue(random.Next(1, 3));
                break;
            case 5 or 6:
                Settle(random);
                break;
            case 7:
                Pass(TimeSpan.FromSeconds(random.Next(0, 6)));
                break;
            default:
                RedriveOrPurge(random.Next(12));
                break;
        }
    }

    private void Enqueue(Random random)
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
        var (entry, id) = _state.DecideEnqueue(request, new(Guid.CreateVersion7(_now.Wall)), _now);
        Apply(entry!);
        if (request.SupersedesWaiting)
            _model.RemoveAll(message => message.Sequence == sequence && message.State == RunState.Queued);
        _model.Add(new(id, sequence) { Order = _order++, Due = _now.Monotonic + request.Delay });
    }

    private void Dequeue(int count)
    {
        var expected = ReadyInModel().Take(count).ToList();
        var entries = _state.DecideDequeue(
            new() { Queue = Queue, Function = "F", Instance = "i", MaxCount = count, LeaseDuration = Lease }, _now);
        entries.Select(entry => entry.Id).ShouldBe(expected.Select(message => message.Id));
        foreach (var (entry, message) in entries.Zip(expected))
        {
            Apply(entry);
            (message.State, message.Due) = (RunState.Running, _now.Monotonic + Lease);
            message.Count++;
            _leases[entry.Id] = _state.Lease(entry.Id);
            _leases[entry.Id].DequeueCount.ShouldBe(message.Count);
        }
    }

    private void Settle(Random random)
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
        var entry = _state.DecideSettle(lease, settlement, _now);
        (entry is not null).ShouldBe(held);
        _leases.Remove(lease.RunId);
        if (entry is null)
            return;
        Apply(entry);
        switch (settlement)
        {
            case Settlement.Retried:
                (message!.State, message.Due) = (RunState.Queued, _now.Monotonic + delay);
                break;
            case Settlement.Poisoned:
                (message!.State, message.Order) = (RunState.Poisoned, _order++);
                break;
            default:
                _model.Remove(message!);
                break;
        }
    }

    private void Pass(TimeSpan time)
    {
        _now = new(_now.Wall + time, _now.Monotonic + time);
        foreach (var lapsed in _state.DecideLapses(_now, all: false))
            Apply(lapsed);
        foreach (var message in _model.Where(message => message.State == RunState.Running && message.Due <= _now.Monotonic))
            (message.State, message.Due) = (RunState.Queued, _now.Monotonic);
        _state.Advance(_now);
    }

    private void RedriveOrPurge(int choice)
    {
        if (choice < 8)
        {
            var (entry, count) = _state.DecideRedrive(Queue, null, _now);
            var poisoned = _model.Where(message => message.State == RunState.Poisoned).OrderBy(message => message.Order).ToList();
            count.ShouldBe(poisoned.Count);
            Apply(entry);
            foreach (var message in poisoned)
                (message.State, message.Due, message.Count, message.Order) = (RunState.Queued, _now.Monotonic, 0, _order++);
            return;
        }
        var state = choice == 8 ? RunState.Queued : RunState.Poisoned;
        var (purge, purged) = _state.DecidePurge(Queue, state == RunState.Poisoned, _now);
        Apply(purge);
        _model.RemoveAll(message => message.State == state).ShouldBe(purged);
    }

    private void Check(string where)
    {
        _state.Advance(_now);
        var counts = _state.Counts(Queue);
        var ready = ReadyInModel().Count();
        counts.ShouldBe(new QueueCounts(
            ready,
            _model.Count(message => message.State == RunState.Queued) - ready,
            _model.Count(message => message.State == RunState.Running),
            _model.Count(message => message.State == RunState.Poisoned),
            counts.OldestReadyAt), where);
        (counts.OldestReadyAt is null).ShouldBe(ready == 0, where);
        _state.Peek(Queue, false, int.MaxValue).Select(message => message.RunId).ShouldBe(
            _model.Where(message => message.State != RunState.Poisoned).OrderBy(message => message.Order).Select(message => message.Id), where);
    }

    private IEnumerable<Expected> ReadyInModel() =>
        _model.Where(message =>
            message.State == RunState.Queued && message.Due <= _now.Monotonic
            && (message.Sequence is null || !_model.Exists(other =>
                other.Sequence == message.Sequence && other.Order < message.Order && other.State != RunState.Poisoned)))
            .OrderBy(message => message.Order);

    private void Apply(JournalEntry? entry)
    {
        if (entry is null)
            return;
        _journal.Add(entry);
        _state.Apply(entry, _now);
    }

    private StoreState Rebuilt(IEnumerable<JournalEntry> entries)
    {
        var state = new StoreState();
        foreach (var entry in entries)
        {
            var json = new ArrayBufferWriter<byte>();
            JournalCodec.Encode(entry, json);
            state.Apply(JournalCodec.Decode(json.WrittenSpan), _now);
        }
        return state;
    }

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
