using Ebb.TestServers.Etcd;

namespace Ebb.EtcdBackup.Tests.Sources;

/// <summary>Which of several members gives the snapshot, over the wire from members that can be told what to say.</summary>
public sealed class MemberChoiceTests : IAsyncLifetime
{
    private readonly BackupBench _bench = new();
    private readonly EtcdStandIn[] _members = new EtcdStandIn[3];

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < _members.Length; i++)
        {
            _members[i] = await EtcdStandIn.StartAsync();
            (_members[i].MemberId, _members[i].Leader) = ((ulong)(0xa1 + i), 0xa1);
        }

        _bench.With("Endpoints", string.Join(',', _members.Select(member => member.Endpoint)));
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        foreach (var member in _members)
        {
            await member.DisposeAsync();
        }
    }

    [Fact]
    public async Task Run_AllHealthy_AsksTheFollowerThatIsFurthest()
    {
        (_members[0].AppliedIndex, _members[1].AppliedIndex, _members[2].AppliedIndex) = (1000, 990, 995);

        (await RunAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task Run_FollowersLagFarBehind_AsksTheLeader()
    {
        (_members[0].AppliedIndex, _members[1].AppliedIndex, _members[2].AppliedIndex) = (100_000, 90_000, 80_000);

        (await RunAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Run_Learner_IsNotAsked()
    {
        (_members[1].IsLearner, _members[2].IsLearner) = (true, true);

        (await RunAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Run_OnlyALearner_IsRefused()
    {
        _members[1].IsLearner = true;
        await using var bench = await new BackupBench().With("Endpoints", _members[1].Endpoint).StartAsync();

        (await bench.FailAsync(SnapshotFailure.Learner)).Message.ShouldContain("is a learner");
    }

    [Fact]
    public async Task Run_AlarmCorrupt_IsRefusedAndNothingIsStored()
    {
        _members[2].CorruptMembers = [0xa2];
        await _bench.StartAsync();

        (await _bench.FailAsync(SnapshotFailure.CorruptAlarm)).Message.ShouldContain("CORRUPT for member a2");

        _members.Sum(member => member.Snapshots).ShouldBe(0);
        _bench.Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_AlarmNoSpace_IsWhenABackupIsWanted()
    {
        _members[1].FullMembers = [0xa2];

        await RunAsync();
    }

    [Fact]
    public async Task Run_MembersOfTwoClusters_IsRefused()
    {
        _members[1].ClusterId = 0xc2;
        await _bench.StartAsync();

        (await _bench.FailAsync(SnapshotFailure.DifferentClusters)).Message.ShouldContain("c2 at 127.0.0.1:");
    }

    [Fact]
    public async Task Run_NobodySeesALeader_IsRefused()
    {
        Array.ForEach(_members, member => member.Leader = 0);
        await _bench.StartAsync();

        await _bench.FailAsync(SnapshotFailure.NoLeader);
    }

    [Fact]
    public async Task Run_FirstMemberFailsHalfWay_TakesTheNextAndSaysSo()
    {
        (_members[1].AppliedIndex, _members[2].AppliedIndex) = (200, 150);
        _members[1].Script = SnapshotScript.Of(64) with { FaultAfter = 100_000, Fault = SnapshotFault.Cuts };
        await _bench.StartAsync();

        var report = await _bench.RunAsync();

        (_members[1].Snapshots, _members[2].Snapshots).ShouldBe((1, 1));
        report.Member.ShouldBe(_members[2].Endpoint["http://".Length..]);
        report.Warnings.ShouldHaveSingleItem().ShouldMatch(@"broke after \d+ bytes");
        var stored = (await _bench.Catalog.ListAsync(BackupBench.Token)).Snapshots.ShouldHaveSingleItem();
        (await _bench.ContentAsync(stored)).ShouldBe(_members[2].Script.Content);
    }

    [Fact]
    public async Task Run_OneEndpointDown_TakesAnother()
    {
        var down = _members[1].Endpoint;
        await _members[1].DisposeAsync();
        await _bench.StartAsync();

        var report = await _bench.RunAsync();

        report.Member.ShouldBe(_members[2].Endpoint["http://".Length..]);
        report.Warnings.ShouldHaveSingleItem().ShouldContain($"{down["http://".Length..]} cannot be reached");
    }

    [Fact]
    public async Task Run_EverythingDown_NamesEveryEndpoint()
    {
        foreach (var member in _members)
        {
            await member.DisposeAsync();
        }

        await _bench.StartAsync();

        var message = (await _bench.FailAsync(SnapshotFailure.Unreachable)).Message;
        Array.ForEach(_members, member => message.ShouldContain(member.Endpoint["http://".Length..]));
    }

    private async Task<int> RunAsync()
    {
        await _bench.StartAsync();
        await _bench.RunAsync();
        return Array.FindIndex(_members, member => member.Snapshots > 0);
    }
}
