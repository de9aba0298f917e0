using Ebb.Age;
using Ebb.EtcdBackup.Backups;
using Ebb.EtcdBackup.Configuration;
using Ebb.EtcdBackup.Reports;
using Ebb.EtcdBackup.Snapshots;
using Ebb.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.EtcdBackup.Tests;

/// <summary>The app's own services with host storage, a store and an identity of one test.</summary>
internal sealed class BackupBench : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ebb-backup-");
    private readonly Dictionary<string, string?> _settings;
    private ServiceProvider? _services;

    public BackupBench(TimeProvider? time = null)
    {
        Time = time ?? TimeProvider.System;
        _settings = new()
        {
            ["EtcdBackup:Cluster"] = "prod",
            ["EtcdBackup:Source"] = "etcd",
            ["EtcdBackup:Store"] = $"file://{Objects}",
            ["EtcdBackup:AgeRecipients"] = Identity.Recipient.ToString(),
        };
        Directory.CreateDirectory(Objects);
        File.WriteAllText(IdentityFile, Identity.ExportSecret() + "\n");
    }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public TimeProvider Time { get; }

    public AgeIdentity Identity { get; } = AgeIdentity.Generate();

    public string Folder => _folder.FullName;

    public string Objects => At("objects");

    public string IdentityFile => At("identity.txt");

    public IHostStorage Storage { get; private set; } = null!;

    public IConfiguration Configuration => new ConfigurationBuilder().AddInMemoryCollection(_settings).Build();

    public IReadOnlyDictionary<string, string?> Settings => _settings;

    public EtcdBackupOptions Options => Get<EtcdBackupOptions>();

    public SnapshotCatalog Catalog => Get<SnapshotCatalog>();

    public SnapshotPlace Place => Get<SnapshotPlace>();

    public string At(string name) => Path.Combine(Folder, name);

    /// <summary>The objects there are, by name.</summary>
    public IEnumerable<string> Names => Directory.EnumerateFiles(Objects, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Objects, path)).Order(StringComparer.Ordinal);

    public BackupBench With(string key, string? value)
    {
        _settings[IsVariable(key) ? key : $"EtcdBackup:{key}"] = value;
        return this;
    }

    /// <summary>Forgets every setting.</summary>
    public void Clear() => _settings.Clear();

    /// <summary>Builds the services; every problem of the settings fails the test.</summary>
    public async Task<BackupBench> StartAsync()
    {
        var problems = new List<string>();
        var options = EtcdBackupOptionsReader.Read(Configuration, problems);
        problems.ShouldBeEmpty();
        Storage = await HostStorage.OpenAsync(new HostStorageOptions { Storage = $"sqlite:{At("storage")}/ebb.db" }, Time, NullLoggerFactory.Instance, Token);
        var services = new ServiceCollection();
        services.AddSingleton(Time);
        services.AddSingleton(Storage);
        services.AddLogging();
        services.AddSnapshots(options);
        _services = services.BuildServiceProvider();
        return this;
    }

    public T Get<T>()
        where T : notnull => _services!.GetRequiredService<T>();

    public Task<BackupReport> RunAsync(bool prune = true, Action<string>? progress = null) =>
        Get<BackupEngine>().RunAsync(prune, RunId.New(Time), progress ?? (_ => { }), Token);

    /// <summary>Runs, and expects a named failure.</summary>
    public async Task<SnapshotException> FailAsync(SnapshotFailure failure)
    {
        var error = await Should.ThrowAsync<SnapshotException>(() => RunAsync());
        error.Failure.ShouldBe(failure, error.Message);
        return error;
    }

    /// <summary>A stored snapshot's content, as fetch and drill read it.</summary>
    public async Task<byte[]> ContentAsync(StoredSnapshot snapshot)
    {
        await using var stream = await SnapshotContent.OpenAsync(snapshot, [Identity], Token);
        using var content = new MemoryStream();
        await stream.CopyToAsync(content, Token);
        return content.ToArray();
    }

    // As talos-backup and Amazon's tools name theirs.
    private static bool IsVariable(string key) => key.All(character => character is '_' || char.IsAsciiLetterUpper(character) || char.IsAsciiDigit(character));

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
            await Storage.DisposeAsync();
        }

        Identity.Dispose();
        _folder.Delete(recursive: true);
    }
}
