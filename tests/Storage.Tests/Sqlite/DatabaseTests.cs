using Ebb.TestServers.Disks;
using Microsoft.Data.Sqlite;

namespace Ebb.Storage.Tests.Sqlite;

/// <summary>What can be wrong with a database: each is named, with what to do, and nothing is lost.</summary>
public sealed class DatabaseTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly LogLines _log = new();

    public void Dispose()
    {
        _directory.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task Open_DatabaseOfANewerProgram_IsRefusedWithItsVersion()
    {
        await (await TestStore.OpenAsync(_directory.Path)).DisposeAsync();
        Execute("pragma user_version = 77");

        var error = await Should.ThrowAsync<HostStorageException>(() => TestStore.OpenAsync(_directory.Path));

        error.Message.ShouldSatisfyAllConditions(it => it.ShouldContain("has version 77"), it => it.ShouldContain("versions up to"), it => it.ShouldContain("Run that one"));
    }

    [Fact]
    public async Task Open_DatabaseOfSomethingElse_IsLeftAlone()
    {
        await File.WriteAllBytesAsync(_directory.Database, []);
        Execute("create table photos (name text)");

        var error = await Should.ThrowAsync<HostStorageException>(() => TestStore.OpenAsync(_directory.Path));

        error.Message.ShouldContain("of something else");
    }

    [Fact]
    public async Task Open_FileThatIsNoDatabase_IsRefusedWithTheRemedy()
    {
        await File.WriteAllTextAsync(_directory.Database, new string('x', 10_000));

        var error = await Should.ThrowAsync<HostStorageException>(() => TestStore.OpenAsync(_directory.Path));

        error.Message.ShouldSatisfyAllConditions(it => it.ShouldContain("damaged"), it => it.ShouldContain("backup"), it => it.ShouldContain(".recover"));
    }

    [Fact]
    public async Task Open_OpenInAnotherProgram_SaysSo()
    {
        await (await TestStore.OpenAsync(_directory.Path)).DisposeAsync();
        await using var other = new SqliteConnection($"Data Source={_directory.Database};Pooling=False");
        other.Open();
        await using var transaction = other.BeginTransaction();
        await using var command = other.CreateCommand();
        command.CommandText = "create table t (x)";
        command.Transaction = transaction;
        command.ExecuteNonQuery();

        var error = await Should.ThrowAsync<HostStorageException>(() => TestStore.OpenAsync(_directory.Path));

        error.Message.ShouldContain("open in another program");
    }

    [Fact]
    public async Task Open_FileSystemWithoutLocks_IsRefusedWithTheRemedy()
    {
        using var disk = new FaultyDisk(_directory.Path) { RefusesLocks = true };

        var error = await Should.ThrowAsync<HostStorageException>(() => TestStore.OpenAsync(disk));

        error.Message.ShouldSatisfyAllConditions(it => it.ShouldContain("does not lock files"), it => it.ShouldContain("local disk"), it => it.ShouldContain("PostgreSQL"));
    }

    [Fact]
    public async Task Open_DamagedPageAfterAnUncleanStop_IsRefusedAndNothingIsChanged()
    {
        await FillAsync();
        await LeaveOpenAsync();
        await DamageAsync();
        var before = await File.ReadAllBytesAsync(_directory.Database);

        var error = await Should.ThrowAsync<HostStorageException>(() => TestStore.OpenAsync(_directory.Path));

        error.Message.ShouldSatisfyAllConditions(
            it => it.ShouldContain(_directory.Database), it => it.ShouldContain("is damaged"), it => it.ShouldContain("backup"), it => it.ShouldContain(".recover"));
        (await File.ReadAllBytesAsync(_directory.Database)).ShouldBe(before);
    }

    [Fact]
    public async Task Open_DamagedPageAfterACleanStop_IsNotLookedForAndNamedWhenItIsMet()
    {
        await FillAsync();
        await DamageAsync();

        await using var storage = await TestStore.OpenAsync(_directory.Path);

        (await Should.ThrowAsync<HostStorageException>(() => storage.BodiesAsync())).Message.ShouldContain(".recover");
    }

    [Fact]
    public async Task Check_DatabaseTooLargeForItsTime_GoesOnAndSaysHowToCheckTheRest()
    {
        await FillAsync();
        await FillAsync();
        using var session = Storage.Sqlite.SqliteSession.Open(_directory.Database, vfs: null);

        Storage.Sqlite.IntegrityCheck.Run(session, _directory.Database, TimeSpan.Zero, _log);

        _log.Lines.ShouldHaveSingleItem().Text.ShouldSatisfyAllConditions(it => it.ShouldContain("too large"), it => it.ShouldContain("pragma integrity_check"));
        session.Any("select 1 from messages").ShouldBeTrue();
    }

    [Fact]
    public async Task Storage_DiskStopsTakingWrites_RefusesReadsOnAndStoresAgain()
    {
        using var disk = new FaultyDisk(_directory.Path);
        await using (var storage = await TestStore.OpenAsync(disk))
        {
            await storage.EnqueueAsync("before");
            disk.StepsUntilCrash = 0;

            (await Should.ThrowAsync<HostStorageException>(() => storage.EnqueueAsync("refused"))).Message.ShouldSatisfyAllConditions(
                it => it.ShouldContain("Input/output error"), it => it.ShouldContain(_directory.Database), it => it.ShouldContain("goes on by itself"));
            (await storage.BodiesAsync()).ShouldBe(["before"]);

            disk.StepsUntilCrash = int.MaxValue;
            await storage.EnqueueAsync("after");
        }
        await using var again = await TestStore.OpenAsync(_directory.Path);
        (await again.BodiesAsync()).ShouldBe(["before", "after"]);
    }

    [Fact]
    public async Task Open_ReadOnlyVolume_SaysThatItMustBeWritable()
    {
        await using var disk = await SmallDisk.MountAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen(disk is null, "Mounting a small tmpfs needs root; that a directory must be writable is tested with one in /proc.");
        await using (var storage = await TestStore.OpenAsync(disk!.Path))
            await storage.EnqueueAsync("before");
        await disk.SetReadOnlyAsync(true);

        var error = await Should.ThrowAsync<HostStorageException>(() => TestStore.OpenAsync(disk.Path));

        error.Message.ShouldSatisfyAllConditions(it => it.ShouldContain(disk.Path), it => it.ShouldContain("Read-only file system"), it => it.ShouldContain("writable"));
        await disk.SetReadOnlyAsync(false);
        await using var again = await TestStore.OpenAsync(disk.Path);
        (await again.BodiesAsync()).ShouldBe(["before"]);
    }

    /// <summary>Damages a page of messages' bodies, which a start does not need.</summary>
    private async Task DamageAsync()
    {
        const int PageLength = 4096;
        var bytes = await File.ReadAllBytesAsync(_directory.Database);
        var page = Enumerable.Range(bytes.Length / PageLength / 2, bytes.Length / PageLength / 2)
            .First(page => bytes.AsSpan(page * PageLength, PageLength).IndexOf(System.Text.Encoding.ASCII.GetBytes(new string('x', 900))) >= 0);
        bytes.AsSpan(page * PageLength, PageLength).Fill(0xA5);
        await File.WriteAllBytesAsync(_directory.Database, bytes);
    }

    private async Task FillAsync()
    {
        await using var storage = await TestStore.OpenAsync(_directory.Path);
        await Parallel.ForAsync(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) => await storage.EnqueueAsync($"{i} {new string('x', 1000)}"));
    }

    /// <summary>Leaves the log behind, as a killed process does.</summary>
    private async Task LeaveOpenAsync()
    {
        var (database, log) = (_directory.Database, _directory.Database + "-wal");
        await using (var storage = await TestStore.OpenAsync(_directory.Path))
        {
            await storage.EnqueueAsync("last");
            File.Copy(log, log + ".kept");
            File.Copy(database, database + ".kept");
        }
        File.Move(log + ".kept", log, overwrite: true);
        File.Move(database + ".kept", database, overwrite: true);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_directory.Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
