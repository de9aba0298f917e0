using Ebb.TestServers.Etcd;
using Ebb.TestServers.Network;
using Ebb.TestServers.S3;

namespace Ebb.EtcdBackup.Tests.Backups;

/// <summary>The whole way and back: a real etcd, the real age, etcdutl, and a second real etcd that must hold the same.</summary>
public sealed class RestoreTests : IAsyncLifetime
{
    private const int Keys = 20_000;

    private readonly BackupBench _bench = new();
    private EtcdServer _etcd = null!;

    public async ValueTask InitializeAsync()
    {
        Peers.NeedEtcd();
        _etcd = await EtcdServer.StartAsync();
        await _etcd.Gateway.PutAsync(KubernetesKeys.Make(Keys));
        foreach (var entry in KubernetesKeys.Make(20))
        {
            await _etcd.Gateway.DeleteAsync(entry.Key);
        }

        _bench.With("Endpoints", _etcd.Endpoint);
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _etcd.DisposeAsync();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Run_RestoredIntoASecondEtcd_HoldsTheSameKeysValuesAndRevision(bool compressed, bool onS3)
    {
        await using var s3 = onS3 ? await StartS3Async() : null;
        await _bench.With("Compress", $"{compressed}").StartAsync();
        var original = await _etcd.Gateway.ReadAllAsync();

        var report = await _bench.RunAsync();

        (report.Keys, report.Revision).ShouldBe((Keys - 20, original.Revision));
        await DownloadAsync(report.Name, _bench.At("object"));
        await RunAsync(Peers.Age, "--decrypt", "-i", _bench.IdentityFile, "-o", _bench.At("plain"), _bench.At("object"));
        if (compressed)
        {
            File.Move(_bench.At("plain"), _bench.At("plain.zst"));
            await DecompressAsync(_bench.At("plain.zst"), _bench.At("plain"));
        }

        new FileInfo(_bench.At("plain")).Length.ShouldBe(report.Bytes);
        var restored = await RestoreAsync(_bench.At("plain"));
        restored.Revision.ShouldBe(original.Revision);
        restored.Keys.ShouldBe(original.Keys);
    }

    private async Task<S3rverServer> StartS3Async()
    {
        Peers.NeedS3rver();
        var server = await S3rverServer.StartAsync();
        _bench.With("Store", $"s3://{server.Login.Bucket}/etcd").With("Store:Endpoint", server.Login.Endpoint)
            .With("AWS_ACCESS_KEY_ID", server.Login.AccessKey).With("AWS_SECRET_ACCESS_KEY", server.Login.SecretKey);
        return server;
    }

    private async Task DownloadAsync(string name, string to)
    {
        await using var download = await _bench.Place.Store.OpenDownloadAsync(ObjectStore.ObjectKey.Parse(name), null, BackupBench.Token);
        await using var file = File.Create(to);
        await download.CopyToAsync(file, BackupBench.Token);
    }

    // zstd is on every Debian's PATH as the tool or not at all; the stream of this project is compared with it elsewhere.
    private static async Task DecompressAsync(string from, string to)
    {
        await using var input = new EtcdBackup.Compression.ZstdDecompressStream(File.OpenRead(from), leaveOpen: false);
        await using var output = File.Create(to);
        await input.CopyToAsync(output, BackupBench.Token);
    }

    private async Task<(long Revision, SortedDictionary<string, (string Value, string ModRevision)> Keys)> RestoreAsync(string file)
    {
        var (name, peer) = ("restored", LoopbackPort.Next());
        var data = _bench.At("restored");
        await RunAsync(Peers.EtcdUtl, "snapshot", "restore", file, "--data-dir", data, "--name", name,
            "--initial-cluster", $"{name}=http://127.0.0.1:{peer}", "--initial-advertise-peer-urls", $"http://127.0.0.1:{peer}");
        await using var second = await EtcdServer.StartAsync(new EtcdServerOptions { DataDirectory = data, Name = name, PeerPort = peer });
        return await second.Gateway.ReadAllAsync();
    }

    private static Task<string> RunAsync(string program, params string[] arguments) => EtcdPrograms.RunAsync(program, arguments);
}
