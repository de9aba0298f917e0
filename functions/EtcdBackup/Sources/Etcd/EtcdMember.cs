using System.Runtime.CompilerServices;
using Ebb.EtcdBackup.Sources.Etcd.Messages;
using Google.Protobuf;
using Grpc.Net.Client;

namespace Ebb.EtcdBackup.Sources.Etcd;

/// <summary>A member of etcd, asked directly.</summary>
internal sealed class EtcdMember(string name, GrpcChannel channel, EtcdLogin? login) : SnapshotMember
{
    // The header of etcd's own clients (api/v3rpc/rpctypes/metadatafields.go, TokenFieldNameGRPC).
    private const string TokenHeader = "token";

    // From the first key to the last: both a zero byte (rpc.proto, RangeRequest).
    private static readonly ByteString Zero = ByteString.CopyFrom(0);

    private readonly Maintenance.MaintenanceClient _maintenance = new(channel);
    private readonly KV.KVClient _keys = new(channel);
    private readonly Auth.AuthClient _users = new(channel);
    private readonly MemberCalls _calls = new(name);

    public override string Name => name;

    public override async Task<(MemberState State, IReadOnlyList<ulong> Corrupt)> AskAsync(CancellationToken cancellationToken)
    {
        await LogInAsync(cancellationToken);
        var status = await _calls.UnaryAsync(_maintenance.StatusAsync, new StatusRequest(), cancellationToken);
        return (StateOf(status), status.IsLearner ? [] : await CorruptAsync(cancellationToken));
    }

    public override async Task<(long Revision, long Keys)?> CountAsync(CancellationToken cancellationToken)
    {
        await LogInAsync(cancellationToken);
        var request = new RangeRequest { Key = Zero, RangeEnd = Zero, CountOnly = true, Serializable = true };
        var range = await _calls.UnaryAsync(_keys.RangeAsync, request, cancellationToken);
        return (range.Header.Revision, range.Count);
    }

    public override async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await LogInAsync(cancellationToken);
        await foreach (var part in _calls.StreamAsync(_maintenance.Snapshot, new SnapshotRequest(), part => part.Blob.Length, cancellationToken))
        {
            yield return part.Blob.Memory;
        }
    }

    protected override void Dispose(bool disposing) => channel.Dispose();

    // Each time: a token lives for five minutes without use, and another member's snapshot, or this one's, may take longer.
    private async Task LogInAsync(CancellationToken cancellationToken)
    {
        if (login is not null)
        {
            var request = new AuthenticateRequest { Name = login.User, Password = login.Password };
            _calls.Headers[TokenHeader] = (await _calls.UnaryAsync(_users.AuthenticateAsync, request, cancellationToken)).Token;
        }
    }

    // A learner refuses this call.
    private async Task<IReadOnlyList<ulong>> CorruptAsync(CancellationToken cancellationToken)
    {
        var answer = await _calls.UnaryAsync(_maintenance.AlarmAsync, new AlarmRequest { Action = AlarmRequest.Types.AlarmAction.Get }, cancellationToken);
        return [.. answer.Alarms.Where(alarm => alarm.Alarm == AlarmType.Corrupt).Select(alarm => alarm.MemberID)];
    }

    private MemberState StateOf(StatusResponse status) => new()
    {
        Name = name,
        ClusterId = status.Header?.ClusterId,
        MemberId = status.Header?.MemberId ?? 0,
        Version = status.Version,
        Leader = status.Leader,
        AppliedIndex = status.RaftAppliedIndex,
        IsLearner = status.IsLearner,
        DatabaseBytes = status.DbSize,
        Revision = status.Header?.Revision,
    };
}
