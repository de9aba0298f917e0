using Ebb.EtcdBackup.Configuration;
using Ebb.Storage;
using Ebb.Worker;
using Microsoft.Extensions.Configuration;

namespace Ebb.EtcdBackup;

/// <summary>
/// What backups need in a cluster: the store with its credentials, and Talos with the talosconfig that Talos itself renews, or etcd with its
/// certificates. Secrets are optional, so that the pod starts where nothing is configured.
/// </summary>
internal static class ClusterNeeds
{
    private const string StoreSecrets = "/run/secrets/ebb/object-store";
    private const string TalosSecrets = "/var/run/secrets/talos.dev";
    private const string EtcdSecrets = "/run/secrets/ebb/etcd";
    private const string SpoolDirectory = "/var/spool/ebb";

    // Drills hold a database in it, and etcd advises against more than 8 GiB (etcd.io, "System limits").
    private static IReadOnlyList<ScratchNeed> Spool { get; } = [new("spool", SpoolDirectory, "8Gi")];

    // Snapshots, drills and locks; and what the scaler shows of them.
    private static IReadOnlyList<string> Documents { get; } = ["etcd/", $"{Gauges.KeyPrefix}etcd/", $"{Gauges.KeyPrefix}etcd-drills/"];

    public static AppNeeds Of(IConfiguration configuration)
    {
        var options = EtcdBackupOptionsReader.Read(configuration, []);
        var store = new SecretNeed { Secret = "ebb-object-store", Directory = StoreSecrets, Keys = ["access-key", "secret-key"], Optional = true };
        return options.Source == SourceKind.Etcd ? Etcd(options, store) : Talos(store);
    }

    private static AppNeeds Talos(SecretNeed store) => new()
    {
        Secrets = [store, new SecretNeed { Secret = "ebb-talos", Directory = TalosSecrets, Keys = ["config"], Optional = true }],
        Scratch = Spool,
        Documents = Documents,
        Egress = [EgressKind.ObjectStore, EgressKind.Talos],
        Settings = new Dictionary<string, string>(Always) { ["EtcdBackup:TalosConfig"] = $"{TalosSecrets}/config" },
        MaxReplicas = 1,
    };

    private static AppNeeds Etcd(EtcdBackupOptions options, SecretNeed store) => new()
    {
        Secrets = [store, new SecretNeed { Secret = "ebb-etcd", Directory = EtcdSecrets, Optional = true }],
        Scratch = Spool,
        Documents = Documents,
        Egress = [EgressKind.ObjectStore, EgressKind.Etcd],
        Settings = new Dictionary<string, string>(Always.Concat(EtcdFiles(options.Etcd))),
        MaxReplicas = 1,
    };

    private static IReadOnlyDictionary<string, string> Always { get; } = new Dictionary<string, string>
    {
        ["EtcdBackup:SpoolDirectory"] = SpoolDirectory,
        ["EtcdBackup:Store:AccessKeyFile"] = $"{StoreSecrets}/access-key",
        ["EtcdBackup:Store:SecretKeyFile"] = $"{StoreSecrets}/secret-key",
    };

    private static IEnumerable<KeyValuePair<string, string>> EtcdFiles(EtcdOptions etcd)
    {
        yield return new("EtcdBackup:CaFile", $"{EtcdSecrets}/ca.crt");
        if (etcd.User is not null)
        {
            yield return new("EtcdBackup:PasswordFile", $"{EtcdSecrets}/password");
            yield break;
        }

        yield return new("EtcdBackup:CertificateFile", $"{EtcdSecrets}/tls.crt");
        yield return new("EtcdBackup:KeyFile", $"{EtcdSecrets}/tls.key");
    }
}
