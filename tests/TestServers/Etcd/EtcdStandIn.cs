using Ebb.TestServers.Rpc;

namespace Ebb.TestServers.Etcd;

/// <summary>
/// Plays one member of etcd where a real one cannot be made to fail in the wanted way: etcd v3.5, api/etcdserverpb/rpc.proto, the services
/// Maintenance, KV and Auth as far as snapshots need them.
/// </summary>
public sealed class EtcdStandIn : IAsyncDisposable
{
    private const int InvalidArgument = 3;
    private const int NoSpace = 1;
    private const int Corrupt = 2;

    private readonly RpcServer _server;
    private int _snapshots;
    private long _sent;

    private EtcdStandIn(RpcServer server) => _server = server;

    /// <summary>Where it listens.</summary>
    public string Endpoint => $"http://127.0.0.1:{_server.Port}";

    public ulong ClusterId { get; set; } = 0xc1;

    public ulong MemberId { get; set; } = 0xa1;

    public ulong Leader { get; set; } = 0xa1;

    public ulong AppliedIndex { get; set; } = 100;

    public bool IsLearner { get; set; }

    /// <summary>Members with the alarm CORRUPT.</summary>
    public IReadOnlyList<ulong> CorruptMembers { get; set; } = [];

    /// <summary>Members with the alarm NOSPACE.</summary>
    public IReadOnlyList<ulong> FullMembers { get; set; } = [];

    /// <summary>What it gives.</summary>
    public SnapshotScript Script { get; set; } = SnapshotScript.Of(64);

    /// <summary>Awaited before each snapshot's first byte.</summary>
    public Func<Task> BeforeSnapshot { get; set; } = () => Task.CompletedTask;

    /// <summary>Answers Status in its place.</summary>
    public Func<RpcCall, Task>? InsteadOfStatus { get; set; }

    /// <summary>How many snapshots were asked for.</summary>
    public int Snapshots => Volatile.Read(ref _snapshots);

    /// <summary>How many bytes of snapshots it has begun to send.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    public static async Task<EtcdStandIn> StartAsync()
    {
        EtcdStandIn? member = null;
        var methods = new Dictionary<string, Func<RpcCall, Task>>
        {
            ["/etcdserverpb.Maintenance/Status"] = call => member!.StatusAsync(call),
            ["/etcdserverpb.Maintenance/Alarm"] = call => member!.AlarmAsync(call),
            ["/etcdserverpb.Maintenance/Snapshot"] = call => member!.SnapshotAsync(call),
            ["/etcdserverpb.KV/Range"] = call => member!.RangeAsync(call),
        };
        return member = new EtcdStandIn(await RpcServer.StartAsync(methods));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    // StatusResponse; the header is filled as etcd fills it.
    private async Task StatusAsync(RpcCall call)
    {
        await call.ReadAsync();
        if (InsteadOfStatus is { } instead)
        {
            await instead(call);
            return;
        }

        var answer = new RpcMessage().Message(1, Header()).Text(2, "3.5.16").Number(3, (ulong)Script.Content.Length)
            .Number(4, Leader).Number(5, AppliedIndex).Number(6, 2).Number(7, AppliedIndex).Number(9, 4096);
        if (IsLearner)
        {
            answer.Number(10, 1);
        }

        await call.WriteAsync(answer.ToArray());
        await call.EndAsync();
    }

    // A learner serves no more than Status and serializable reads (server/etcdserver/api/v3rpc/interceptor.go).
    private async Task AlarmAsync(RpcCall call)
    {
        await call.ReadAsync();
        if (IsLearner)
        {
            await call.EndAsync(14, "etcdserver: rpc not supported for learner");
            return;
        }

        var answer = new RpcMessage().Message(1, Header());
        foreach (var (member, alarm) in CorruptMembers.Select(member => (member, Corrupt)).Concat(FullMembers.Select(member => (member, NoSpace))))
        {
            answer.Message(2, new RpcMessage().Number(1, member).Number(2, (ulong)alarm));
        }

        await call.WriteAsync(answer.ToArray());
        await call.EndAsync();
    }

    private async Task RangeAsync(RpcCall call)
    {
        // key = 1 and range_end = 2, both a zero byte: from the first key to the last. Anything else would be another question.
        if (!(await call.ReadAsync()).AsSpan().StartsWith("\x0a\x01\0\x12\x01\0"u8))
        {
            await call.EndAsync(InvalidArgument, "etcdserver: the stand-in counts all keys or none");
            return;
        }

        await call.WriteAsync(new RpcMessage().Message(1, Header()).Number(4, 7).ToArray());
        await call.EndAsync();
    }

    // The header of a snapshot's messages is never set (server/etcdserver/api/v3rpc/maintenance.go).
    private async Task SnapshotAsync(RpcCall call)
    {
        await call.ReadAsync();
        Interlocked.Increment(ref _snapshots);
        await BeforeSnapshot();
        await SnapshotPlayer.PlayAsync(call, Script, piece =>
        {
            Interlocked.Add(ref _sent, piece.Length);
            return new RpcMessage().Number(2, 1).Bytes(3, piece.Span);
        });
    }

    private RpcMessage Header() => new RpcMessage().Number(1, ClusterId).Number(2, MemberId).Number(3, 42).Number(4, 2);
}
