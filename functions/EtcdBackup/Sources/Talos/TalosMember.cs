using System.Runtime.CompilerServices;
using Ebb.EtcdBackup.Sources.Talos.Messages;
using Google.Protobuf.WellKnownTypes;
using Grpc.Net.Client;

namespace Ebb.EtcdBackup.Sources.Talos;

/// <summary>The etcd of a control plane, asked through the Talos API: the endpoint's own, or that of a node behind it.</summary>
internal sealed class TalosMember : SnapshotMember
{
    // The endpoint passes a call on to this node (Talos, pkg/machinery/client/context.go, WithNode).
    private const string NodeHeader = "node";

    private readonly GrpcChannel _channel;
    private readonly MachineService.MachineServiceClient _machine;
    private readonly MemberCalls _calls;

    public TalosMember(string endpoint, string? node, GrpcChannel channel)
    {
        Name = node is null || node == endpoint ? endpoint : $"{node} (through {endpoint})";
        (_channel, _machine, _calls) = (channel, new MachineService.MachineServiceClient(channel), new MemberCalls(Name));
        if (node is not null)
        {
            _calls.Headers[NodeHeader] = node;
        }
    }

    public override string Name { get; }

    public override async Task<(MemberState State, IReadOnlyList<ulong> Corrupt)> AskAsync(CancellationToken cancellationToken)
    {
        var statuses = await _calls.UnaryAsync(_machine.EtcdStatusAsync, new Empty(), cancellationToken);
        foreach (var one in statuses.Messages)
        {
            Check(one.Metadata, 0);
        }

        if (statuses.Messages is not [{ MemberStatus: { } status }])
        {
            throw new SnapshotException(SnapshotFailure.ServerError, $"{Name} told the status of {statuses.Messages.Count} members instead of its own.");
        }

        return (StateOf(status), await CorruptAsync(cancellationToken));
    }

    // The role os:etcd:backup reaches no keys.
    public override Task<(long Revision, long Keys)?> CountAsync(CancellationToken cancellationToken) => Task.FromResult<(long, long)?>(null);

    public override async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long received = 0;
        await foreach (var data in _calls.StreamAsync(_machine.EtcdSnapshot, new EtcdSnapshotRequest(), data => data.Bytes.Length, cancellationToken))
        {
            Check(data.Metadata, received);
            received += data.Bytes.Length;
            yield return data.Bytes.Memory;
        }
    }

    protected override void Dispose(bool disposing) => _channel.Dispose();

    private async Task<IReadOnlyList<ulong>> CorruptAsync(CancellationToken cancellationToken)
    {
        var alarms = await _calls.UnaryAsync(_machine.EtcdAlarmListAsync, new Empty(), cancellationToken);
        foreach (var one in alarms.Messages)
        {
            Check(one.Metadata, 0);
        }

        return [.. alarms.Messages.SelectMany(message => message.MemberAlarms)
            .Where(alarm => alarm.Alarm == EtcdMemberAlarm.Types.AlarmType.Corrupt).Select(alarm => alarm.MemberId)];
    }

    // A node's failure comes as a message, and the call ends with OK all the same.
    private void Check(Metadata? metadata, long received)
    {
        if (metadata?.Error is { Length: > 0 } error)
        {
            throw new SnapshotException(
                received == 0 ? SnapshotFailure.ServerError : SnapshotFailure.ConnectionLost,
                $"{Name} reports an error after {received} bytes: {Shown.Line(error)}");
        }
    }

    private MemberState StateOf(EtcdMemberStatus status) => new()
    {
        Name = Name,
        MemberId = status.MemberId,
        Version = status.ProtocolVersion,
        Leader = status.Leader,
        AppliedIndex = status.RaftAppliedIndex,
        IsLearner = status.IsLearner,
        DatabaseBytes = status.DbSize,
    };
}
