namespace Ebb.Storage.Tests.Journal;

public sealed class CompactionTests : IDisposable
{
    private static readonly string Ballast = new('x', 500_000);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Journal_MoreGarbageThanLife_IsRewrittenAndKeepsEverything()
    {
        var time = new ManualTime();
        var disk = new FaultyJournalDirectory(_directory.Path);
        Fingerprint before;
        await using (var storage = await JournalStore.OpenAsync(disk, time))
        {
            await FillAsync(storage, time);
            before = await Fingerprint.OfAsync(storage);
            await ProduceGarbageAsync(storage, 40);
            (await Fingerprint.OfAsync(storage)).ShouldBe(before);
        }

        new FileInfo(_directory.Journal).Length.ShouldBeLessThan(12_000_000);
        Path.GetFileName(_directory.Journal).ShouldNotBe("journal-00000001.log");
        await using var again = await JournalStore.OpenAsync(disk, time);
        (await again.Queues.RedriveAsync("poison", null, default)).ShouldBe(1);
        (await again.Runs.GetAsync(before.Leased, default))!.State.ShouldBe(RunState.Queued);
        (await again.TakeAsync(9)).Select(message => message.Body).ShouldBe(["leased", "head", "free"]);
    }

    [Fact]
    public async Task Journal_GrowsByLiveMessagesOnly_IsNotRewrittenForNothing()
    {
        var disk = new FaultyJournalDirectory(_directory.Path);
        await using var storage = await JournalStore.OpenAsync(disk);
        for (var i = 0; i < 30; i++)
            await storage.EnqueueAsync(Ballast);

        Path.GetFileName(_directory.Journal).ShouldBe("journal-00000001.log");
    }

    /// <summary>Every step of a compaction in turn is the last thing the disk does.</summary>
    [Fact]
    public async Task Compaction_CrashAtEachStep_LosesNothing()
    {
        var step = 0;
        for (var finished = false; !finished; step++)
        {
            using var directory = new TemporaryDirectory();
            var disk = new FaultyJournalDirectory(directory.Path);
            var storage = await JournalStore.OpenAsync(disk);
            var kept = new List<string>();
            for (var i = 0; i < 5; i++)
            {
                kept.Add($"kept {i}");
                await storage.EnqueueAsync(kept[^1], kept[^1]);
            }
            disk.StepsUntilCrash = step;
            finished = await DriveAsync(storage, disk, kept);
            await storage.DisposeAsync();

            await using var again = await JournalStore.OpenAsync(directory.Path);
            var bodies = await again.BodiesAsync();
            kept.ShouldBeSubsetOf(bodies, $"step {step}");
            bodies.Count.ShouldBe(bodies.Distinct().Count(), $"step {step}");
            Directory.EnumerateFiles(directory.Path, "journal-*").ShouldHaveSingleItem();
        }
        step.ShouldBeGreaterThan(7);
    }

    [Fact]
    public async Task Compaction_DiskFull_GoesOnWithTheOldJournal()
    {
        var disk = new FaultyJournalDirectory(_directory.Path);
        await using (var storage = await JournalStore.OpenAsync(disk))
        {
            await storage.Documents.PutAsync("k", "kept", null, default);
            disk.FreeBytes = 20_000_000;
            var refused = await Record.ExceptionAsync(() => ProduceGarbageAsync(storage, 200));
            disk.FreeBytes = long.MaxValue;
            if (refused is not null)
                refused.ShouldBeOfType<HostStorageException>();
            (await storage.Documents.GetAsync("k", default))!.Value.ShouldBe("kept");
            await storage.EnqueueAsync("after");
        }
        await using var again = await JournalStore.OpenAsync(_directory.Path);
        (await again.Documents.GetAsync("k", default))!.Value.ShouldBe("kept");
        (await again.BodiesAsync()).ShouldContain("after");
    }

    [Fact]
    public async Task Compaction_WhileManyWrite_LosesNothing()
    {
        var disk = new FaultyJournalDirectory(_directory.Path);
        await using (var storage = await JournalStore.OpenAsync(disk))
        {
            await Parallel.ForAsync(0, 8, async (writer, _) =>
            {
                for (var i = 0; i < 25; i++)
                {
                    await storage.EnqueueAsync($"{writer}-{i}", $"{writer}-{i}");
                    await storage.Documents.PutAsync($"{writer}", Ballast, null, default);
                }
            });
        }
        Path.GetFileName(_directory.Journal).ShouldNotBe("journal-00000001.log");
        await using var again = await JournalStore.OpenAsync(_directory.Path);
        (await again.BodiesAsync()).Order().ShouldBe(
            Enumerable.Range(0, 8).SelectMany(writer => Enumerable.Range(0, 25).Select(i => $"{writer}-{i}")).Order());
    }

    /// <summary>Writes until the disk is dead or a whole compaction is through.</summary>
    private static async Task<bool> DriveAsync(IHostStorage storage, FaultyJournalDirectory disk, List<string> kept)
    {
        for (var i = 0; i < 25; i++)
        {
            try
            {
                await storage.Documents.PutAsync("garbage", Ballast, null, default);
                var body = $"during {i}";
                await storage.EnqueueAsync(body, body);
                kept.Add(body);
            }
            catch (HostStorageException) when (disk.Crashed)
            {
                return false;
            }
        }
        return !disk.Crashed;
    }

    private static async Task ProduceGarbageAsync(IHostStorage storage, int count)
    {
        for (var i = 0; i < count; i++)
            await storage.Documents.PutAsync("garbage", Ballast, null, default);
        await storage.Documents.DeleteAsync("garbage", null, default);
    }

    /// <summary>Something of everything that a store can hold.</summary>
    private static async Task FillAsync(IHostStorage storage, ManualTime time)
    {
        await storage.EnqueueAsync("leased");
        (await storage.TakeAsync()).ShouldHaveSingleItem();
        foreach (var body in new[] { "redriven", "head", "blocked" })
            await storage.Queues.EnqueueAsync(new() { Queue = "work", Body = body, SequenceKey = "s" }, default);
        var first = (await storage.TakeAsync()).ShouldHaveSingleItem();
        await storage.Queues.SettleAsync(first, new Settlement.Poisoned(new("E", "e")), default);
        await storage.Queues.RedriveAsync("work", null, default);
        await storage.EnqueueAsync("free", "key");
        await storage.Queues.EnqueueAsync(new() { Queue = "work", Body = "delayed", Delay = TimeSpan.FromHours(1), TraceParent = "t" }, default);
        await storage.Queues.EnqueueAsync(new() { Queue = "poison", Body = "poisoned" }, default);
        var poison = (await storage.Queues.DequeueAsync(
            new() { Queue = "poison", Function = "P", Instance = "i", MaxCount = 1, LeaseDuration = TimeSpan.FromMinutes(1) }, default)).ShouldHaveSingleItem();
        await storage.Queues.SettleAsync(poison, new Settlement.Poisoned(new("E", "e"), "{}"), default);
        await storage.Documents.PutAsync("doc", "1", null, default);
        await storage.Schedules.TrySetAsync(new("T", "* * * * *", null, time.GetUtcNow(), time.GetUtcNow()), null, default);
        await storage.Runs.RecordAsync(
            new() { Id = RunId.New(time), Trigger = TriggerKind.Http, State = RunState.Succeeded, CreatedAt = time.GetUtcNow(), EndedAt = time.GetUtcNow() }, default);
    }

    private sealed record Fingerprint(string Text, RunId Leased)
    {
        public static async Task<Fingerprint> OfAsync(IHostStorage storage)
        {
            var work = await storage.Queues.PeekAsync("work", false, 100, default);
            object?[] parts =
            [
                .. work,
                .. await storage.Queues.PeekAsync("poison", true, 100, default),
                await storage.Queues.CountAsync("work", default),
                await storage.Queues.CountAsync("poison", default),
                await storage.Documents.GetAsync("doc", default),
                await storage.Schedules.GetAsync("T", default),
                .. (await storage.Runs.ListAsync(new(), default)).Select(run => (run with { Attempts = [] }, string.Join(';', run.Attempts))).Cast<object>(),
            ];
            return new(string.Join('\n', parts), work[0].RunId);
        }
    }
}
