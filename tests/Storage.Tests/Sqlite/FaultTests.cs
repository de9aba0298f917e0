using Ebb.TestServers.Disks;

namespace Ebb.Storage.Tests.Sqlite;

public sealed class FaultTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory = new();
    private readonly FaultyDisk _disk;

    public FaultTests() => _disk = new(_directory.Path);

    public void Dispose()
    {
        _disk.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task EnqueueAsync_DiskFull_FailsLosesNothingAndGoesOnWhenThereIsSpace()
    {
        await using (var storage = await TestStore.OpenAsync(_disk))
        {
            await storage.EnqueueAsync("before", "k1");
            _disk.FreeBytes = 30;
            for (var i = 0; i < 3; i++)
            {
                var error = await Should.ThrowAsync<HostStorageException>(() => storage.EnqueueAsync("refused", "k2"));
                error.Message.ShouldContain("No space left");
                error.Message.ShouldContain(_directory.Database);
            }
            (await storage.BodiesAsync()).ShouldBe(["before"]);
            await Should.ThrowAsync<HostStorageException>(() => storage.TakeAsync());

            _disk.FreeBytes = long.MaxValue;
            await storage.EnqueueAsync("after", "k2");
            (await storage.BodiesAsync()).ShouldBe(["before", "after"]);
        }
        await using var again = await TestStore.OpenAsync(_directory.Path);
        (await again.BodiesAsync()).ShouldBe(["before", "after"]);
    }

    [Fact]
    public async Task Lease_LapsesWhileTheDiskIsFull_IsGivenAwayOnlyOnceThatIsRecorded()
    {
        var time = new ManualTime();
        await using var storage = await TestStore.OpenAsync(_disk, time);
        var id = await storage.EnqueueAsync("1");
        (await storage.TakeAsync()).ShouldHaveSingleItem();
        _disk.FreeBytes = 0;
        time.Advance(TimeSpan.FromMinutes(5));

        (await storage.Runs.GetAsync(id, default))!.State.ShouldBe(RunState.Running);
        var wait = storage.Queues.WaitForWorkAsync(["work"], default);
        _disk.FreeBytes = long.MaxValue;
        time.Advance(TimeSpan.FromSeconds(1));

        await wait.WaitAsync(Patience);
        (await storage.TakeAsync()).ShouldHaveSingleItem().DequeueCount.ShouldBe(2);
    }

    [Fact]
    public async Task EnqueueAsync_BeforeItsFsync_DoesNotReturn()
    {
        await using var storage = await TestStore.OpenAsync(_disk);
        _disk.FlushGate.Reset();

        var first = storage.EnqueueAsync("1", "k");
        var duplicate = storage.EnqueueAsync("1", "k");
        var read = storage.Documents.GetAsync("k", default).AsTask();
        var take = storage.TakeAsync();

        first.IsCompleted.ShouldBeFalse();
        duplicate.IsCompleted.ShouldBeFalse();
        read.IsCompleted.ShouldBeFalse();
        take.IsCompleted.ShouldBeFalse();
        _disk.FlushGate.Set();
        (await duplicate.WaitAsync(Patience)).ShouldBe(await first.WaitAsync(Patience));
        await read.WaitAsync(Patience);
        (await take.WaitAsync(Patience)).ShouldHaveSingleItem().Body.ShouldBe("1");
    }

    [Fact]
    public async Task DequeueAsync_FsyncOfTheEnqueueFails_HandsOutNothing()
    {
        await using var storage = await TestStore.OpenAsync(_disk);
        _disk.RefusesFlush = true;
        _disk.FlushGate.Reset();
        var enqueue = storage.EnqueueAsync("refused");
        var take = storage.TakeAsync();
        _disk.FlushGate.Set();

        await Should.ThrowAsync<HostStorageException>(() => enqueue.WaitAsync(Patience));
        await Should.ThrowAsync<HostStorageException>(() => take.WaitAsync(Patience));
        _disk.RefusesFlush = false;
        (await storage.TakeAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task DequeueAsync_FsyncOfThePredecessorsEndFails_KeepsTheSuccessorWaiting()
    {
        await using var storage = await TestStore.OpenAsync(_disk);
        foreach (var body in new[] { "1", "2" })
            await storage.Queues.EnqueueAsync(new() { Queue = "work", Body = body, SequenceKey = "s" }, default);
        var first = (await storage.TakeAsync()).ShouldHaveSingleItem();
        await storage.Documents.PutAsync("makes-the-lease-durable", "1", null, default);
        _disk.RefusesFlush = true;
        _disk.FlushGate.Reset();
        var settle = storage.Queues.SettleAsync(first, new Settlement.Succeeded(null), default).AsTask();
        var take = storage.TakeAsync();
        _disk.FlushGate.Set();

        await Should.ThrowAsync<HostStorageException>(() => settle.WaitAsync(Patience));
        await Should.ThrowAsync<HostStorageException>(() => take.WaitAsync(Patience));
        _disk.RefusesFlush = false;
        (await storage.TakeAsync()).ShouldBeEmpty();
        (await storage.Queues.SettleAsync(first, new Settlement.Succeeded(null), default)).ShouldBeTrue();
        (await storage.TakeAsync()).ShouldHaveSingleItem().Body.ShouldBe("2");
    }

    [Fact]
    public async Task EnqueueAsync_FsyncFails_FailsEveryCallerAndTakesItBack()
    {
        await using (var storage = await TestStore.OpenAsync(_disk))
        {
            await storage.EnqueueAsync("durable", "k1");
            await storage.Documents.PutAsync("d", "1", null, default);
            var lease = (await storage.TakeAsync()).ShouldHaveSingleItem();
            await storage.EnqueueAsync("durable too");
            _disk.RefusesFlush = true;
            _disk.FlushGate.Reset();
            var callers = Enumerable.Range(0, 8).Select(i => storage.EnqueueAsync("refused", $"n{i % 4}")).ToList();
            var put = storage.Documents.PutAsync("d", "2", null, default).AsTask();
            _disk.FlushGate.Set();

            foreach (var caller in callers)
                (await Should.ThrowAsync<HostStorageException>(() => caller.WaitAsync(Patience))).Message.ShouldContain("Input/output error");
            await Should.ThrowAsync<HostStorageException>(() => put.WaitAsync(Patience));

            _disk.RefusesFlush = false;
            (await storage.BodiesAsync()).ShouldBe(["durable", "durable too"]);
            (await storage.Documents.GetAsync("d", default))!.Value.ShouldBe("1");
            (await storage.Queues.SettleAsync(lease, new Settlement.Succeeded(null), default)).ShouldBeTrue();
            await storage.EnqueueAsync("after", "n0");
        }
        await using var again = await TestStore.OpenAsync(_directory.Path);
        (await again.BodiesAsync()).ShouldBe(["durable too", "after"]);
    }

    [Fact]
    public async Task WaitAsync_FsyncOfAnotherFails_WaitsOnForTheRunThatWasRecordedBefore()
    {
        await using var storage = await TestStore.OpenAsync(_disk);
        _disk.RefusesFlush = true;
        _disk.FlushGate.Reset();
        var run = new Run
        {
            Id = RunId.New(TimeProvider.System),
            Function = "F",
            Trigger = TriggerKind.Http,
            State = RunState.Running,
            CreatedAt = TimeProvider.System.GetUtcNow(),
        };
        await storage.Runs.RecordAsync(run, default);
        var enqueue = storage.EnqueueAsync("1");
        var wait = storage.Runs.WaitAsync(run.Id, Patience, default);
        _disk.FlushGate.Set();
        await Should.ThrowAsync<HostStorageException>(() => enqueue.WaitAsync(Patience));
        _disk.RefusesFlush = false;

        (await storage.Runs.GetAsync(run.Id, default))!.State.ShouldBe(RunState.Running);
        await storage.Runs.RecordAsync(run with { State = RunState.Succeeded, EndedAt = run.CreatedAt }, default);
        (await wait.WaitAsync(Patience))!.State.ShouldBe(RunState.Succeeded);
    }

    /// <summary>What the disk refused may be lost from its cache: it has to be written anew, not only fsynced again.</summary>
    [Fact]
    public async Task EnqueueAsync_AfterARefusedFsync_BringsTheWholeLogIntoTheDatabaseFirst()
    {
        await using var storage = await TestStore.OpenAsync(_disk);
        await storage.EnqueueAsync("before");
        _disk.RefusesFlush = true;
        await Should.ThrowAsync<HostStorageException>(() => storage.EnqueueAsync("refused"));
        new FileInfo(_directory.Database + "-wal").Length.ShouldBeGreaterThan(0);
        await Should.ThrowAsync<HostStorageException>(() => storage.EnqueueAsync("refused too"));
        _disk.RefusesFlush = false;
        (await storage.BodiesAsync()).ShouldBe(["before"]);

        (await storage.Queues.PurgeAsync("nothing", false, default)).ShouldBe(0);

        new FileInfo(_directory.Database + "-wal").Length.ShouldBe(0);
        await storage.EnqueueAsync("after");
        (await storage.BodiesAsync()).ShouldBe(["before", "after"]);
    }

    /// <summary>The whole way of a message costs two fsyncs: one for what was accepted, one for what was done.</summary>
    [Fact]
    public async Task Queue_OneMessagesWay_WaitsForTheDiskTwice()
    {
        await using var storage = await TestStore.OpenAsync(_disk);
        await storage.EnqueueAsync("first");
        await storage.Queues.SettleAsync((await storage.TakeAsync())[0], new Settlement.Succeeded(null), default);
        var before = _disk.Flushes;

        await storage.EnqueueAsync("1");
        var message = (await storage.TakeAsync()).ShouldHaveSingleItem();
        await storage.Queues.RenewAsync(message, TimeSpan.FromMinutes(1), default);
        await storage.Runs.ReportProgressAsync(message.RunId, "half", default);
        await storage.Runs.GetAsync(message.RunId, default);
        await storage.Queues.SettleAsync(message, new Settlement.Succeeded(null), default);

        (_disk.Flushes - before).ShouldBe(2);
    }

    [Fact]
    public async Task EnqueueAsync_RealFullDisk_FailsAndGoesOnAfterSpaceReturns()
    {
        await using var disk = await SmallDisk.MountAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen(disk is null, "Mounting a small tmpfs needs root; the same is tested with a disk that fails on purpose.");
        var filler = Path.Combine(disk!.Path, "filler");
        var kept = new List<string>();
        await using (var storage = await TestStore.OpenAsync(disk.Path))
        {
            await File.WriteAllBytesAsync(filler, new byte[512 * 1024]);
            var body = new string('x', 50_000);
            HostStorageException? full = null;
            for (var i = 0; full is null; i++)
            {
                try
                {
                    await storage.EnqueueAsync($"{i} {body}");
                    kept.Add($"{i} {body}");
                }
                catch (HostStorageException e)
                {
                    full = e;
                }
            }
            full.Message.ShouldContain("No space left");
            File.Delete(filler);
            await storage.EnqueueAsync("after");
            kept.Add("after");
            (await storage.BodiesAsync()).ShouldBe(kept);
        }
        await using var again = await TestStore.OpenAsync(disk.Path);
        (await again.BodiesAsync()).ShouldBe(kept);
    }

    [Fact]
    public async Task DisposeAsync_WhileOthersWait_EndsTheirWaits()
    {
        var storage = await TestStore.OpenAsync(_disk);
        var id = await storage.EnqueueAsync("1");
        var work = storage.Queues.WaitForWorkAsync(["other"], default);
        var run = storage.Runs.WaitAsync(id, Patience, default);
        var enqueues = Enumerable.Range(0, 20).Select(i => storage.EnqueueAsync($"{i}")).ToList();

        await storage.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(() => work.WaitAsync(Patience));
        await Should.ThrowAsync<ObjectDisposedException>(() => run.WaitAsync(Patience));
        await Should.ThrowAsync<ObjectDisposedException>(() => storage.EnqueueAsync("late"));
        await Task.WhenAll(enqueues).WaitAsync(Patience);
        await using var again = await TestStore.OpenAsync(_directory.Path);
        (await again.BodiesAsync()).Count.ShouldBe(21);
    }
}
