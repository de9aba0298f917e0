using Ebb.EtcdBackup.Backups;
using Ebb.EtcdBackup.Configuration;
using Ebb.EtcdBackup.Retention;
using Ebb.EtcdBackup.Snapshots;
using Ebb.EtcdBackup.Sources;
using Ebb.EtcdBackup.Sources.Etcd;
using Ebb.EtcdBackup.Sources.Talos;
using Ebb.ObjectStore;
using Ebb.Storage.Exclusion;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Ebb.EtcdBackup;

/// <summary>What the functions are made of.</summary>
internal static class SnapshotServices
{
    public static IServiceCollection AddSnapshots(this IServiceCollection services, EtcdBackupOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(provider => OpenPlace(options, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<SnapshotCatalog>();
        services.AddSingleton(provider => OpenSource(options, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SnapshotTaker>();
        services.AddSingleton<Pruner>();
        services.TryAddSingleton<ExclusiveKeys>();
        services.AddSingleton<BackupMemory>();
        services.AddSingleton<BackupEngine>();
        return services;
    }

    public static SnapshotPlace OpenPlace(EtcdBackupOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger("Ebb.ObjectStore");
        return new SnapshotPlace(ObjectStores.Open(options.Store, time, logger), options.KeyPrefix, options.Cluster)
        {
            Other = options.VerbatimStore is { } verbatim ? new SnapshotPlace(ObjectStores.Open(verbatim, time, logger), "", options.Cluster) : null,
        };
    }

    private static ISnapshotSource OpenSource(EtcdBackupOptions options, TimeProvider time) =>
        options.Source is SourceKind.Etcd ? new EtcdSource(options.Etcd, time) : new TalosSource(options.Talos, time);
}
