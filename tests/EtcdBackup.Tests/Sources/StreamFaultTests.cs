using Ebb.TestServers.Etcd;

namespace Ebb.EtcdBackup.Tests.Sources;

/// <summary>Snapshots that go wrong under way: each is named, and nothing is stored.</summary>
public sealed class StreamFaultTests : IAsyncLifetime
{
    private readonly BackupBench _bench = new();
    private EtcdStandIn _member = null!;

    public async ValueTask InitializeAsync()
    {
        _member = await EtcdStandIn.StartAsync();
        await _bench.With("Endpoints", _member.Endpoint).With("ProgressTimeout", "00:00:01").StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _member.DisposeAsync();
    }

    [Theory]
    [InlineData(SnapshotFault.EndsEarly, 0, SnapshotFailure.Truncated)]
    [InlineData(SnapshotFault.EndsEarly, 100_000, SnapshotFailure.Truncated)]
    [InlineData(SnapshotFault.EndsEarly, (64 * 4096) + 31, SnapshotFailure.Truncated)]
    [InlineData(SnapshotFault.EndsEarly, (60 * 4096) + 32, SnapshotFailure.WrongTrailer)]
    [InlineData(SnapshotFault.Fails, 100_000, SnapshotFailure.ServerError)]
    [InlineData(SnapshotFault.Fails, 0, SnapshotFailure.ServerError)]
    [InlineData(SnapshotFault.Resets, 100_000, SnapshotFailure.ConnectionLost)]
    [InlineData(SnapshotFault.Cuts, 100_000, SnapshotFailure.ConnectionLost)]
    [InlineData(SnapshotFault.Stalls, 100_000, SnapshotFailure.Stalled)]
    [InlineData(SnapshotFault.Stalls, 0, SnapshotFailure.Stalled)]
    [InlineData(SnapshotFault.SendsEmptyPieces, 100_000, SnapshotFailure.Stalled)]
    public async Task Run_SnapshotGoesWrong_IsNamedAndNothingIsStored(SnapshotFault fault, int after, SnapshotFailure expected)
    {
        _member.Script = SnapshotScript.Of(64) with { Fault = fault, FaultAfter = after };

        (await _bench.FailAsync(expected)).Message.ShouldContain(_member.Endpoint["http://".Length..]);

        _bench.Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_ContentChanged_IsNamedAndNothingIsStored()
    {
        _member.Script = SnapshotScript.Of(64).Changed();

        await _bench.FailAsync(SnapshotFailure.WrongTrailer);

        _bench.Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_AfterAFailure_Succeeds()
    {
        _member.Script = SnapshotScript.Of(64) with { Fault = SnapshotFault.Cuts, FaultAfter = 50_000 };
        await _bench.FailAsync(SnapshotFailure.ConnectionLost);
        _member.Script = SnapshotScript.Of(64);

        (await _bench.RunAsync()).Verified.ShouldBeTrue();
    }
}
