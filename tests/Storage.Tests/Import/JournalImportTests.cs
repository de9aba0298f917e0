using System.IO.Compression;
using Ebb.Storage.Tests.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Ebb.Storage.Tests.Import;

public sealed class JournalImportTests : IDisposable
{
    private static readonly HostStorageOptions ForEver = TestStore.Options with { RunRetention = TimeSpan.FromDays(3650) };

    private readonly TemporaryDirectory _directory = new();
    private readonly LogLines _log = new();

    private string Journal => Path.Combine(_directory.Path, JournalWriter.Name);

    public void Dispose()
    {
        _directory.Dispose();
        _log.Dispose();
    }

    /// <summary>The journals are those of the last version that had them, and the texts what it said of them itself.</summary>
    [Theory]
    [InlineData("closed")]
    [InlineData("compacted")]
    [InlineData("killed")]
    public async Task Open_JournalOfTheLastVersion_HoldsWhatThatSaid(string name)
    {
        await File.WriteAllBytesAsync(Journal, await ReadAsync(name));

        await using (var storage = await TestStore.OpenAsync(_directory.Path, _log, new ManualTime(), options: ForEver))
            (await StoreDump.OfAsync(storage)).ShouldBe(await File.ReadAllTextAsync(Expected(name)));

        var (level, text) = _log.Lines.Single(line => line.Text.Contains("imported into", StringComparison.Ordinal));
        level.ShouldBe(LogLevel.Information);
        text.ShouldSatisfyAllConditions(it => it.ShouldContain(Journal), it => it.ShouldContain(_directory.Database), it => it.ShouldContain(".imported"));
        (await File.ReadAllBytesAsync(Path.ChangeExtension(Journal, ".imported"))).ShouldBe(await ReadAsync(name), "it is kept aside");
        _log.Lines.Clear();
        await using var again = await TestStore.OpenAsync(_directory.Path, _log, new ManualTime(), options: ForEver);
        (await StoreDump.OfAsync(again)).ShouldBe(await File.ReadAllTextAsync(Expected(name)), "a second start imports nothing");
        _log.Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task Open_ImportedStore_GoesOnAsTheOldOneWould()
    {
        await File.WriteAllBytesAsync(Journal, await ReadAsync("compacted"));
        await using var storage = await TestStore.OpenAsync(_directory.Path, _log, new ManualTime(), options: ForEver);

        (await storage.Queues.EnqueueAsync(new() { Queue = "done", Body = "", IdempotencyKey = "k-done" }, default)).Created.ShouldBeFalse();
        (await storage.Documents.PutAsync("a/1", "{}", 2, default)).ShouldNotBeNull().ShouldBeGreaterThan(3);
        (await TakeAsync(storage, "sequence")).ShouldBe(["s2", "s3"]);
        (await TakeAsync(storage, "postponed")).ShouldBe(["v2"]);
        (await storage.Queues.RedriveAsync("poison", null, default)).ShouldBe(1);
        (await TakeAsync(storage, "poison")).ShouldBe(["p1", "p2", "p3"]);
        (await storage.Queues.EnqueueAsync(new() { Queue = "new", Body = "" }, default)).Created.ShouldBeTrue();
    }

    /// <summary>Every write to the disk in turn is the last one that gets there.</summary>
    [Fact]
    public async Task Open_KilledAtAnyWrite_ImportsAgainOrNotAtAll()
    {
        var journal = JournalWriter.OfMessages([.. Enumerable.Range(0, 40).Select(i => $"{i} {new string('x', 3000)}")]);
        var step = 0;
        for (var finished = false; !finished; step++)
        {
            using var directory = new TemporaryDirectory();
            using var disk = new FaultyDisk(directory.Path);
            await File.WriteAllBytesAsync(Path.Combine(directory.Path, JournalWriter.Name), journal);
            disk.StepsUntilCrash = step;
            var crashed = await Record.ExceptionAsync(async () => await (await TestStore.OpenAsync(disk)).DisposeAsync());
            (crashed is null or HostStorageException).ShouldBeTrue($"step {step}: {crashed}");
            finished = !disk.Crashed;
            disk.StepsUntilCrash = int.MaxValue;

            await using var again = await TestStore.OpenAsync(disk);
            (await again.BodiesAsync()).Count.ShouldBe(40, $"step {step}");
        }
        step.ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task Open_KilledBeforeTheJournalIsKeptAside_DoesOnlyThat()
    {
        var journal = JournalWriter.OfMessages("1");
        await File.WriteAllBytesAsync(Journal, journal);
        await using (var storage = await TestStore.OpenAsync(_directory.Path))
            (await storage.TakeAsync()).ShouldHaveSingleItem();
        File.Delete(Directory.GetFiles(_directory.Path, "journal-*.log").ShouldHaveSingleItem());
        File.Move(Path.ChangeExtension(Journal, ".imported"), Journal);

        await using (var storage = await TestStore.OpenAsync(_directory.Path))
            (await storage.TakeAsync()).ShouldHaveSingleItem().DequeueCount.ShouldBe(2);

        File.Exists(Journal).ShouldBeFalse();
        File.Exists(Path.ChangeExtension(Journal, ".imported")).ShouldBeTrue();
    }

    /// <summary>What an earlier version reads first: the newest journal's header. It refuses a version that it does not know, and names it.</summary>
    [Fact]
    public async Task Open_AfterTheImport_LeavesWhatAnEarlierVersionRefuses()
    {
        await File.WriteAllBytesAsync(Journal, JournalWriter.OfMessages("1"));
        await (await TestStore.OpenAsync(_directory.Path)).DisposeAsync();

        var newest = Directory.GetFiles(_directory.Path, "journal-*.log").ShouldHaveSingleItem();

        Path.GetFileName(newest).ShouldBe("journal-00000002.log");
        var bytes = await File.ReadAllBytesAsync(newest);
        bytes[..16].ShouldBe(JournalWriter.Header(version: 2));
        System.Text.Encoding.UTF8.GetString(bytes).ShouldContain(_directory.Database);
    }

    [Fact]
    public async Task Open_DatabaseWithOtherContent_ImportsNothingAndSaysWhatToDo()
    {
        await using (var storage = await TestStore.OpenAsync(_directory.Path))
            await storage.EnqueueAsync("of the database");
        await File.WriteAllBytesAsync(Journal, JournalWriter.OfMessages("of the journal"));

        var error = await Should.ThrowAsync<HostStorageException>(() => TestStore.OpenAsync(_directory.Path));

        error.Message.ShouldSatisfyAllConditions(
            it => it.ShouldContain(Journal), it => it.ShouldContain("has content already"), it => it.ShouldContain("Storage=sqlite:"));
        (await File.ReadAllBytesAsync(Journal)).ShouldBe(JournalWriter.OfMessages("of the journal"));
    }

    [Fact]
    public async Task Open_OldSetting_UsesItsDirectoryAndSaysWhatToWrite()
    {
        await File.WriteAllBytesAsync(Journal, JournalWriter.OfMessages("1"));
        var options = TestStore.Options with { Storage = "file:" + _directory.Path };
        HostStorage.Exists(options).ShouldBeTrue();

        await using (var storage = await HostStorage.OpenAsync(options, TimeProvider.System, _log, default))
            (await storage.BodiesAsync()).ShouldBe(["1"]);

        _log.Lines.Where(line => line.Level == LogLevel.Warning).ShouldHaveSingleItem().Text.ShouldContain($"Storage=sqlite:{_directory.Database}");
        HostStorage.Exists(TestStore.Options with { Storage = $"sqlite:{_directory.Database}" }).ShouldBeTrue();
        HostStorage.Exists(TestStore.Options with { Storage = $"sqlite:{_directory.Path}/other.db" }).ShouldBeFalse();
    }

    [Fact]
    public async Task Open_Imported_SaysInTheDatabaseWhichAndWhen()
    {
        await File.WriteAllBytesAsync(Journal, JournalWriter.OfMessages("1"));
        await (await TestStore.OpenAsync(_directory.Path)).DisposeAsync();

        await using var connection = new SqliteConnection($"Data Source={_directory.Database};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "select count(*) from imports where length(journal) = 64 and imported_at like '20%Z'";
        (await command.ExecuteScalarAsync()).ShouldBe(1L);
    }

    private static async Task<IEnumerable<string>> TakeAsync(IHostStorage storage, string queue) => (await storage.Queues.DequeueAsync(
        new() { Queue = queue, Function = "F", Instance = "i", MaxCount = 9, LeaseDuration = TimeSpan.FromMinutes(1) }, default)).Select(message => message.Body);

    private static string Expected(string name) => Path.Combine(AppContext.BaseDirectory, "Import", "Journals", name + ".txt");

    private static async Task<byte[]> ReadAsync(string name)
    {
        await using var file = new GZipStream(File.OpenRead(Path.ChangeExtension(Expected(name), ".journal.gz")), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
