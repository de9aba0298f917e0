using System.Security.Cryptography;
using System.Text.Json;
using Ebb.Age;
using Ebb.Contracts;
using Ebb.Contracts.Etcd;
using Ebb.EtcdBackup.Compression;
using Ebb.EtcdBackup.Drills;
using Ebb.EtcdBackup.Snapshots;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.EtcdBackup.Tests.Drills;

/// <summary>A store with snapshots of real databases, as backups or talos-backup leave them there, and drills of them.</summary>
internal sealed class DrillBench : IAsyncDisposable
{
    private static readonly DateTimeOffset Taken = new(2026, 1, 31, 2, 0, 0, TimeSpan.Zero);

    public BackupBench Backups { get; } = new();

    public string Spools => Directory.CreateDirectory(Backups.At("spools")).FullName;

    public string Restores => Directory.CreateDirectory(Backups.At("restores")).FullName;

    public async Task<DrillBench> StartAsync(bool withIdentity = true)
    {
        Backups.With("SpoolDirectory", Spools);
        if (withIdentity)
        {
            Backups.With("AgeIdentityFile", Backups.IdentityFile);
        }

        await Backups.With("Endpoints", "http://127.0.0.1:1").StartAsync();
        return this;
    }

    public Task<DrillReport> DrillAsync(string? name = null)
    {
        var problems = new List<string>();
        var options = DrillOptions.From(Backups.Configuration, problems);
        problems.ShouldBeEmpty();
        var engine = new DrillEngine(Backups.Catalog, options, new DrillMemory(Backups.Storage), Backups.Time, NullLogger<DrillEngine>.Instance);
        return engine.RunAsync(name, _ => { }, BackupBench.Token);
    }

    /// <summary>Stores a snapshot.</summary>
    /// <param name="snapshot">The whole of it, with the SHA-256 at its end.</param>
    /// <param name="compressed">With zstd.</param>
    /// <param name="encrypted">With age.</param>
    /// <param name="sidecar">Changes the sidecar; null for none.</param>
    /// <param name="change">Changes the object after its sidecar was written.</param>
    /// <param name="day">How many days after the others it was taken.</param>
    public async Task<string> StoreAsync(
        byte[] snapshot, bool compressed = false, bool encrypted = false, Func<Sidecar, Sidecar>? sidecar = null, Func<byte[], byte[]>? change = null, int day = 0)
    {
        var name = SnapshotName.Create("prod", Taken.AddDays(day), compressed, encrypted).Text;
        var stored = encrypted ? await EncryptAsync(compressed ? await CompressAsync(snapshot) : snapshot) : compressed ? await CompressAsync(snapshot) : snapshot;
        if (sidecar is not null)
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(sidecar(SidecarOf(name, snapshot, stored)), SidecarJson.Default.Sidecar);
            await File.WriteAllBytesAsync(Path.Combine(Backups.Objects, name + Sidecar.Extension), json);
        }

        await File.WriteAllBytesAsync(Path.Combine(Backups.Objects, name), change?.Invoke(stored) ?? stored);
        return name;
    }

    /// <summary>What the door shows.</summary>
    public async Task<DrillsDocument> RememberedAsync()
    {
        var document = await Backups.Storage.Documents.GetAsync("etcd/drills/prod", BackupBench.Token);
        return JsonSerializer.Deserialize(document!.Value, ContractsJson.Default.DrillsDocument)!;
    }

    public ValueTask DisposeAsync() => Backups.DisposeAsync();

    private static Sidecar SidecarOf(string name, byte[] snapshot, byte[] stored) => new()
    {
        Name = name,
        Cluster = "prod",
        Time = Taken,
        Source = "etcd",
        PlaintextBytes = snapshot.Length,
        PlaintextSha256 = Convert.ToHexStringLower(SHA256.HashData(snapshot)),
        ObjectBytes = stored.Length,
        ObjectSha256 = Convert.ToHexStringLower(SHA256.HashData(stored)),
        Tool = "test",
        Verification = new Verification(Taken, Trailer: true, ReadBack: true),
    };

    private static async Task<byte[]> CompressAsync(byte[] content)
    {
        var output = new MemoryStream();
        await using var stream = new ZstdCompressStream(output, leaveOpen: true);
        await stream.WriteAsync(content);
        await stream.CompleteAsync(default);
        return output.ToArray();
    }

    private async Task<byte[]> EncryptAsync(byte[] content)
    {
        var output = new MemoryStream();
        await using var stream = await AgeEncryptStream.CreateAsync(output, [Backups.Identity.Recipient], leaveOpen: true, default);
        await stream.WriteAsync(content);
        await stream.CompleteAsync(default);
        return output.ToArray();
    }
}
