namespace Ebb.EtcdBackup.Sources;

/// <summary>
/// Decides which members may give a snapshot, and in which order: followers first, because a snapshot costs its member; those that are
/// furthest first; the leader next; followers that lag behind last.
/// </summary>
internal sealed class MemberChoice
{
    // etcd refuses new entries when applied and committed are 5,000 apart (server/etcdserver/v3_server.go, maxGapBetweenApplyAndCommitIndex).
    private const ulong MaxLag = 5_000;

    private readonly List<(SnapshotMember Member, MemberState State)> _usable = [];
    private readonly List<SnapshotException> _problems = [];

    private MemberChoice()
    {
    }

    /// <summary>The members to ask, best first, with what they said.</summary>
    public IReadOnlyList<(SnapshotMember Member, MemberState State)> Usable { get; private set; } = [];

    /// <summary>Why the others are not among them.</summary>
    public IReadOnlyList<SnapshotException> Problems => _problems;

    /// <summary>Asks every member.</summary>
    /// <exception cref="SnapshotException">No member can give a snapshot, or none must because the cluster's data is in doubt.</exception>
    public static async Task<MemberChoice> OfAsync(IReadOnlyList<SnapshotMember> members, CancellationToken cancellationToken)
    {
        var choice = new MemberChoice();
        foreach (var answer in await Task.WhenAll(members.Select(member => AskAsync(member, cancellationToken))))
        {
            choice.Consider(answer);
        }

        choice.RequireOneCluster();
        choice.Usable = choice.Ordered();
        return choice.Usable.Count > 0 ? choice : throw choice.NoneUsable();
    }

    private static async Task<Answer> AskAsync(SnapshotMember member, CancellationToken cancellationToken)
    {
        try
        {
            var (state, corrupt) = await member.AskAsync(cancellationToken);
            return new Answer(member, state, corrupt, null);
        }
        catch (SnapshotException e) when (e.ConcernsOneMember)
        {
            return new Answer(member, null, [], e);
        }
    }

    private void Consider(Answer answer)
    {
        if (answer.Corrupt.Count > 0)
        {
            throw new SnapshotException(
                SnapshotFailure.CorruptAlarm,
                $"etcd has raised the alarm CORRUPT for member {string.Join(", ", answer.Corrupt.Select(Shown.Id))} (asked at {answer.Member.Name}): its data is not to be trusted, and a snapshot of it would replace good ones. "
                + "Replace that member, disarm the alarm (etcdctl alarm disarm), and take a snapshot then.");
        }

        switch (answer)
        {
            case { Problem: { } problem }:
                _problems.Add(problem);
                break;
            case { State.IsLearner: true }:
                _problems.Add(new SnapshotException(SnapshotFailure.Learner, $"{answer.Member.Name} is a learner, which may be far behind; promote it or name another member."));
                break;
            case { State.Leader: 0 }:
                _problems.Add(new SnapshotException(SnapshotFailure.NoLeader, $"{answer.Member.Name} sees no leader, so its data may be old. Bring a majority of the members back; for what this one has, copy it by hand with etcdctl snapshot save."));
                break;
            default:
                _usable.Add((answer.Member, answer.State!));
                break;
        }
    }

    private void RequireOneCluster()
    {
        var clusters = _usable.Where(member => member.State.ClusterId is not null).GroupBy(member => member.State.ClusterId!.Value).ToList();
        if (clusters.Count > 1)
        {
            throw new SnapshotException(
                SnapshotFailure.DifferentClusters,
                $"The endpoints belong to different clusters: {string.Join("; ", clusters.Select(cluster => $"{Shown.Id(cluster.Key)} at {string.Join(", ", cluster.Select(member => member.State.Name))}"))}. Name those of one cluster.");
        }
    }

    private List<(SnapshotMember Member, MemberState State)> Ordered()
    {
        var furthest = _usable.Select(member => member.State.AppliedIndex).DefaultIfEmpty().Max();
        return [.. _usable
            .OrderBy(member => furthest - member.State.AppliedIndex > MaxLag)
            .ThenBy(member => member.State.IsLeader)
            .ThenByDescending(member => member.State.AppliedIndex)];
    }

    private SnapshotException NoneUsable() => _problems.Count == 1
        ? _problems[0]
        : new SnapshotException(_problems[0].Failure, $"No member can give a snapshot:\n{string.Join('\n', _problems.Select(problem => problem.Message))}", _problems[0]);

    private sealed record Answer(SnapshotMember Member, MemberState? State, IReadOnlyList<ulong> Corrupt, SnapshotException? Problem);
}
