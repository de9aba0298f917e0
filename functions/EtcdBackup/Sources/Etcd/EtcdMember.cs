using System.Runtime.CompilerServices;
using Ebb.EtcdBackup.Sources.Etcd.Messages;
using Ebb.Grpc;
using Google.Protobuf;

namespace Ebb.EtcdBackup.Sources.Etcd;

/// <summary>A member of etcd, asked directly.</summary>
internal sealed class EtcdMember(string name, GrpcChannel channel, EtcdLogin? login) : SnapshotMember
{
    // The header of etcd's own clients (api/v3rpc/rpctypes/metadatafields.go, TokenFieldNameGRPC).
    private const string TokenHeader = "token";

    // From the first key to the last: both a zero byte (rpc.proto, RangeRequest).
    private static readonly ByteString Zero = ByteString.CopyFrom(0);

    private readonly MemberCalls _calls = new(name, channel);

    public override string Name => name;

    public override async Task<(MemberState State, IReadOnlyList<ulong> Corrupt)> AskAsync(CancellationToken cancellationToken)
    {
        await LogInAsync(cancellationToken);
        var status = await _calls.UnaryAsync(EtcdMethods.Status, new StatusRequest(), cancellationToken);
        return (StateOf(status), status.IsLearner ? [] : await CorruptAsync(cancellationToken));
    }

    public override async Task<(long Revision, long Keys)?> CountAsync(CancellationToken cancellationToken)
    {
        await LogInAsync(cancellationToken);
        var request = new RangeRequest { Key = Zero, RangeEnd = Zero, CountOnly = true, Serializable = true };
        var range = await _calls.UnaryAsync(EtcdMethods.Range, request, cancellationToken);
        return (range.Header.Revision, range.Count);
    }

    public override async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await LogInAsync(cancellationToken);
        await foreach (var part in _calls.StreamAsync(EtcdMethods.Snapshot, new SnapshotRequest(), part => part.Blob.Length, cancellationToken))
        {
            yield return part.Blob.Memory;
        }
    }

    protected override void Dispose(bool disposing) => _calls.Dispose();

    // Each time: a token lives for five minutes without use, and another member's snapshot, or this one's, may take longer.
    private async Task LogInAsync(CancellationToken cancellationToken)
    {
        if (login is not null)
        {
            var request = new AuthenticateRequest { Name = login.User, Password = login.Password };
            _calls.Headers[TokenHeader] = (await _calls.UnaryAsync(EtcdMethods.Authenticate, request, cancellationToken)).Token;
        }
    }

    // A learner refuses this call.
    private async Task<IReadOnlyList<ulong>> CorruptAsync(CancellationToken cancellationToken)
    {
        var answer = await _calls.UnaryAsync(EtcdMethods.Alarm, new AlarmRequest { Action = AlarmRequest.Types.AlarmAction.Get }, cancellationToken);
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
