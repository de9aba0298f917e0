using Ebb.EtcdBackup.Sources;
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
    [InlineData(SnapshotFault.EndsWithoutStatus, 100_000, SnapshotFailure.ConnectionLost)]
    [InlineData(SnapshotFault.AnnouncesTooMuch, 100_000, SnapshotFailure.ServerError)]
    [InlineData(SnapshotFault.SendsGarbage, 100_000, SnapshotFailure.ServerError)]
    [InlineData(SnapshotFault.SendsABomb, 100_000, SnapshotFailure.ServerError)]
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
    public async Task Run_AMessageThatUnpacksToAGigabyte_IsNotUnpacked()
    {
        _member.Script = SnapshotScript.Of(64) with { Fault = SnapshotFault.SendsABomb, FaultAfter = 100_000 };
        var before = GC.GetTotalAllocatedBytes();

        await _bench.FailAsync(SnapshotFailure.ServerError);

        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(256L * 1024 * 1024);
    }

    // HTTP/2's window grows with the speed of the link, to 16 MiB.
    [Fact]
    public async Task Read_ByASlowReader_LeavesTheRestAtTheServer()
    {
        const long Most = 20 * 1024 * 1024;
        _member.Script = SnapshotScript.Of(16 * 1024);
        using var member = (await _bench.Get<ISnapshotSource>().OpenAsync(BackupBench.Token)).ShouldHaveSingleItem();
        await using var pieces = member.ReadAsync(BackupBench.Token).GetAsyncEnumerator(BackupBench.Token);
        (await pieces.MoveNextAsync()).ShouldBeTrue();
        await Task.Delay(TimeSpan.FromSeconds(1), BackupBench.Token);
        _member.Sent.ShouldBeInRange(64 * 1024, Most);

        long length = pieces.Current.Length;
        while (await pieces.MoveNextAsync())
        {
            length += pieces.Current.Length;
        }

        length.ShouldBe(_member.Script.Content.Length);
    }

    [Theory]
    [InlineData(401, SnapshotFailure.LoginRefused)]
    [InlineData(403, SnapshotFailure.LoginRefused)]
    [InlineData(404, SnapshotFailure.ServerError)]
    [InlineData(503, SnapshotFailure.Unreachable)]
    [InlineData(200, SnapshotFailure.ServerError)]
    public async Task Run_WhatAnswersIsNoGrpcServer_IsNamed(int status, SnapshotFailure expected)
    {
        _member.InsteadOfStatus = call => call.AnswerAsync(status, "text/html", "<html>");

        (await _bench.FailAsync(expected)).Message.ShouldContain(status == 200 ? "text/html" : $"HTTP status code: {status}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Run_StatusWithAnotherNumberOfMessages_IsNamed(int messages)
    {
        _member.InsteadOfStatus = async call =>
        {
            for (var i = 0; i < messages; i++)
            {
                await call.WriteAsync(Array.Empty<byte>());
            }

            await call.EndAsync();
        };

        await _bench.FailAsync(SnapshotFailure.ServerError);
    }

    [Fact]
    public async Task Run_StatusWithWordsThatNoHeaderHolds_AreShown()
    {
        _member.InsteadOfStatus = call => call.EndAsync(9, "50 % größer\nals erlaubt");

        (await _bench.FailAsync(SnapshotFailure.ServerError)).Message.ShouldContain("50 % größer als erlaubt");
    }

    [Fact]
    public async Task Run_NobodyListens_IsNamedWithTheSystemsWords()
    {
        await _member.DisposeAsync();

        (await _bench.FailAsync(SnapshotFailure.Unreachable)).Message.ShouldContain("Connection refused");
    }

    [Fact]
    public async Task Run_CancelledWhileAMemberIsAsked_IsCancelled()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _member.InsteadOfStatus = async call =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, call.Aborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(BackupBench.Token);
        var running = MemberChoice.OfAsync(await _bench.Get<ISnapshotSource>().OpenAsync(BackupBench.Token), stop.Token);
        await asked.Task;
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => running);
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
