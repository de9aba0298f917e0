using Ebb.EtcdBackup.Bolt;
using Ebb.EtcdBackup.Bolt.Keyspace;

namespace Ebb.EtcdBackup.Tests.Bolt;

public sealed class DatabaseReaderTests(TestDatabases databases)
{
    [Theory]
    [InlineData("empty")]
    [InlineData("small")]
    [InlineData("old")]
    [InlineData("written")]
    [InlineData("compacted")]
    [InlineData("defragmented")]
    [InlineData("killed")]
    public async Task Read_RealDatabase_SaysWhatEtcdAndEtcdutlSay(string name)
    {
        var database = await databases.GetAsync(name);
        using var file = new DatabaseFile(database.Path);
        var contents = await DatabaseReader.ReadAsync(file, default);

        contents.Status.ShouldBe(await database.StatusAsync());
        contents.Revision.ShouldBe(database.Revision);
        contents.Keys.ShouldBe(database.Keys.Count);
        contents.Prefixes!.Values.Sum().ShouldBe(database.Keys.Count);
        contents.Prefixes!.GetValueOrDefault("/registry/pods").ShouldBe(database.Keys.Count(key => key.StartsWith("/registry/pods/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Read_WrittenDatabase_CountsRevisionsDeletionsLeasesAndPrefixes()
    {
        var contents = await ReadAsync("written");
        contents.Revisions.ShouldBe(30_000 + 10_000 + 7_000 + 3 + 3);
        contents.Tombstones.ShouldBe(7_000);
        contents.CompactedRevision.ShouldBe(0);
        contents.Leases.ShouldBe(1);
        contents.ConsistentIndex.ShouldNotBeNull().ShouldBeGreaterThan(300UL);
        contents.Prefixes!.Keys.ShouldBe(
            ["/registry/secrets", "/registry/configmaps", "/registry/events", "/registry/leases", "/registry/pods", "(none)", "/a/b", "/registry"]);
    }

    [Fact]
    public async Task Read_CompactedDatabase_KnowsTheCompactionAndRevisionsThatAreGone()
    {
        var (written, compacted) = (await ReadAsync("written"), await ReadAsync("compacted"));
        compacted.CompactedRevision.ShouldBe(compacted.Revision);
        compacted.Revisions.ShouldBe(compacted.Keys!.Value + compacted.Tombstones);

        // Of deletions only those of the compacted revision itself stay.
        compacted.Tombstones.ShouldBe(100);
        compacted.Pages.Free.ShouldBeGreaterThan(written.Pages.Free);
        (await ReadAsync("defragmented")).Pages.Total.ShouldBeLessThan(compacted.Pages.Total);
    }

    [Fact]
    public async Task Read_TooManyKeysToCount_SaysSoAndReadsTheRest()
    {
        var contents = DatabaseReader.Read(CountedContent.Of((await databases.Small).Path), maxCountedKeys: 100, default);
        contents.Keys.ShouldBeNull();
        contents.Prefixes.ShouldBeNull();
        contents.Status.ShouldBe(await (await databases.Small).StatusAsync());
    }

    [Fact]
    public async Task Read_Cancelled_Ends()
    {
        using var file = new DatabaseFile((await databases.GetAsync("written")).Path);
        await Should.ThrowAsync<OperationCanceledException>(() => DatabaseReader.ReadAsync(file, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Read_RestoredWithBumpedRevision_IsUnderstood()
    {
        var database = await databases.Small;
        var folder = Directory.CreateTempSubdirectory("ebb-restore-");
        try
        {
            var data = Path.Combine(folder.FullName, "data");
            await EtcdPrograms.RunAsync(
                EtcdPrograms.Etcdutl, "snapshot", "restore", database.Path, "--data-dir", data, "--bump-revision", "1000000", "--mark-compacted");
            using var file = new DatabaseFile(Path.Combine(data, "member", "snap", "db"));
            var contents = await DatabaseReader.ReadAsync(file, default);
            contents.Revision.ShouldBe(database.Revision + 1_000_000);
            contents.Keys.ShouldBe(database.Keys.Count);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Read_LargeValues_NeedsNoMoreMemoryThanSmallOnes()
    {
        using var file = new DatabaseFile((await databases.GetAsync("written")).Path);
        DatabaseReader.Read(file, DatabaseReader.MaxCountedKeys, default);
        var before = GC.GetAllocatedBytesForCurrentThread();
        DatabaseReader.Read(file, DatabaseReader.MaxCountedKeys, default);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(3 * 1024 * 1024);
        file.Length.ShouldBeGreaterThan(20 * 1024 * 1024);
    }

    private async Task<DatabaseContents> ReadAsync(string name)
    {
        using var file = new DatabaseFile((await databases.GetAsync(name)).Path);
        return await DatabaseReader.ReadAsync(file, default);
    }
}
