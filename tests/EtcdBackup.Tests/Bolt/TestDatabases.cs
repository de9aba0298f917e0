using Ebb.EtcdBackup.Tests.Bolt;

[assembly: AssemblyFixture(typeof(TestDatabases))]

namespace Ebb.EtcdBackup.Tests.Bolt;

/// <summary>Databases of real etcd servers, each made once by whoever needs it first.</summary>
public sealed class TestDatabases : IDisposable
{
    private static readonly string[] Kinds = ["pods", "secrets", "configmaps", "events", "leases"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ebb-databases-");
    private readonly Lazy<Task<TestDatabase>> _empty;
    private readonly Lazy<Task<TestDatabase>> _small;
    private readonly Lazy<Task<TestDatabase>> _old;
    private readonly Lazy<Task<Dictionary<string, TestDatabase>>> _large;

    public TestDatabases() => (_empty, _small, _old, _large) = (new(EmptyAsync), new(SmallAsync), new(OldAsync), new(LargeAsync));

    /// <summary>A few hundred keys, some deleted.</summary>
    internal Task<TestDatabase> Small => _small.Value;

    /// <summary>One of: empty, small, old, written, compacted, defragmented, killed.</summary>
    internal async Task<TestDatabase> GetAsync(string name) => name switch
    {
        "empty" => await _empty.Value,
        "small" => await _small.Value,
        "old" => await _old.Value,
        _ => (await _large.Value)[name],
    };

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<TestDatabase> EmptyAsync()
    {
        await using var etcd = await FilledEtcd.StartAsync(EtcdPrograms.Etcd, "--unsafe-no-fsync");
        return await SnapshotAsync(etcd, "empty");
    }

    private async Task<TestDatabase> SmallAsync()
    {
        await using var etcd = await FilledEtcd.StartAsync(EtcdPrograms.Etcd, "--unsafe-no-fsync");
        await etcd.PutAsync(Names(300), _ => Random.Shared.NextBytes(120));
        await etcd.PutAsync(Names(50), _ => Random.Shared.NextBytes(200));
        await etcd.DeleteAsync(Names(20));
        await etcd.PutAsync(["/registry/pods/default/big"], _ => Random.Shared.NextBytes(20_000), await etcd.LeaseAsync());
        return await SnapshotAsync(etcd, "small");
    }

    private async Task<TestDatabase> OldAsync()
    {
        await using var etcd = await FilledEtcd.StartAsync(EtcdPrograms.Etcd34);
        await etcd.PutAsync(Names(2_000), _ => Random.Shared.NextBytes(300));
        await etcd.DeleteAsync(Names(200));
        await etcd.CompactAsync(await etcd.RevisionAsync());
        return await SnapshotAsync(etcd, "old");
    }

    private async Task<Dictionary<string, TestDatabase>> LargeAsync()
    {
        await using var etcd = await FilledEtcd.StartAsync(EtcdPrograms.Etcd, "--unsafe-no-fsync");
        var databases = new Dictionary<string, TestDatabase>();
        await etcd.PutAsync(Names(30_000), _ => Random.Shared.NextBytes(Random.Shared.Next(50, 900)));
        await etcd.PutAsync(Names(10_000), _ => Random.Shared.NextBytes(Random.Shared.Next(50, 900)), await etcd.LeaseAsync());
        await etcd.DeleteAsync(Names(7_000));
        await etcd.PutAsync(["compact_rev_key", "/registry/health", "/a/b/c"], _ => [1]);
        foreach (var megabytes in new[] { 1, 2, 5 })
        {
            await etcd.PutAsync([$"/registry/secrets/large/{megabytes}"], _ => Random.Shared.NextBytes(megabytes * 1024 * 1024));
        }

        databases["written"] = await SnapshotAsync(etcd, "written");
        await etcd.DeleteAsync(Names(9_000));
        await etcd.CompactAsync(await etcd.RevisionAsync());
        databases["compacted"] = await SnapshotAsync(etcd, "compacted");
        await etcd.DefragmentAsync();
        await etcd.PutAsync(Names(500), _ => [2]);
        databases["defragmented"] = await SnapshotAsync(etcd, "defragmented");
        var (revision, path) = (await etcd.RevisionAsync(), Path.Combine(_folder.FullName, "killed.db"));
        File.Copy(await etcd.KillAsync(), path);
        databases["killed"] = new TestDatabase(path, revision, databases["defragmented"].Keys);
        return databases;
    }

    private async Task<TestDatabase> SnapshotAsync(FilledEtcd etcd, string name)
    {
        (await etcd.CountKeysAsync()).ShouldBe(etcd.Keys.Count);
        return new TestDatabase(await etcd.SnapshotAsync(Path.Combine(_folder.FullName, name + ".db")), await etcd.RevisionAsync(), etcd.Keys.ToHashSet());
    }

    private static IEnumerable<string> Names(int count) =>
        Enumerable.Range(0, count).Select(i => $"/registry/{Kinds[i % Kinds.Length]}/namespace-{i % 17}/name-{i}");
}
