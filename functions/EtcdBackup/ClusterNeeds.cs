using Ebb.EtcdBackup.Configuration;
using Ebb.Storage;
using Ebb.Worker;
using Microsoft.Extensions.Configuration;

namespace Ebb.EtcdBackup;

/// <summary>
/// What backups need in a cluster: the store with its credentials, the identity of drills, and Talos with the talosconfig that Talos itself renews,
/// or etcd with the certificates and the password that its endpoints ask for. Secrets are optional, so that the pod starts where nothing is configured.
/// </summary>
internal static class ClusterNeeds
{
    private const string StoreSecrets = "/run/secrets/ebb/object-store";
    private const string TalosSecrets = "/var/run/secrets/talos.dev";
    private const string EtcdSecrets = "/run/secrets/ebb/etcd";
    private const string DrillSecrets = "/run/secrets/ebb/etcd-drill";
    private const string SpoolDirectory = "/var/spool/ebb";

    // Drills hold a database in it, and etcd advises against more than 8 GiB (etcd.io, "System limits").
    private static IReadOnlyList<ScratchNeed> Spool { get; } = [new("spool", SpoolDirectory, "8Gi")];

    // Snapshots, drills and locks; and what the scaler shows of them.
    private static IReadOnlyList<string> Documents { get; } = ["etcd/", $"{Gauges.KeyPrefix}etcd/", $"{Gauges.KeyPrefix}etcd-drills/"];

    public static AppNeeds Of(IConfiguration configuration)
    {
        var options = EtcdBackupOptionsReader.Read(configuration, []);
        return options.Source == SourceKind.Etcd ? Etcd(options) : Talos();
    }

    private static AppNeeds Talos() => new()
    {
        Secrets = [.. AlwaysSecrets, new SecretNeed { Secret = "ebb-talos", Directory = TalosSecrets, Keys = ["config"], Optional = true }],
        Scratch = Spool,
        Documents = Documents,
        Egress = [EgressKind.ObjectStore, EgressKind.Talos],
        Settings = new Dictionary<string, string>(Always) { ["EtcdBackup:TalosConfig"] = $"{TalosSecrets}/config" },
        MaxReplicas = 1,
    };

    private static AppNeeds Etcd(EtcdBackupOptions options)
    {
        var files = EtcdFiles(options.Etcd).ToList();
        return new AppNeeds
        {
            Secrets = files.Count == 0 ? AlwaysSecrets : [.. AlwaysSecrets, new SecretNeed { Secret = "ebb-etcd", Directory = EtcdSecrets, Optional = true }],
            Scratch = Spool,
            Documents = Documents,
            Egress = [EgressKind.ObjectStore, EgressKind.Etcd],
            Settings = new Dictionary<string, string>(Always.Concat(files)),
            MaxReplicas = 1,
        };
    }

    private static IReadOnlyList<SecretNeed> AlwaysSecrets { get; } =
    [
        new() { Secret = "ebb-object-store", Directory = StoreSecrets, Keys = ["access-key", "secret-key"], Optional = true },
        new() { Secret = "ebb-etcd-drill", Directory = DrillSecrets, Keys = ["identity"], Optional = true },
    ];

    private static IReadOnlyDictionary<string, string> Always { get; } = new Dictionary<string, string>
    {
        ["EtcdBackup:AgeIdentityFile"] = $"{DrillSecrets}/identity",
        ["EtcdBackup:SpoolDirectory"] = SpoolDirectory,
        ["EtcdBackup:Store:AccessKeyFile"] = $"{StoreSecrets}/access-key",
        ["EtcdBackup:Store:SecretKeyFile"] = $"{StoreSecrets}/secret-key",
    };

    private static IEnumerable<KeyValuePair<string, string>> EtcdFiles(EtcdOptions etcd)
    {
        // Endpoints that are not known here are taken for https, as etcd's should be.
        var isEncrypted = etcd.Endpoints.Count == 0 || etcd.HasTls;
        if (isEncrypted)
        {
            yield return new("EtcdBackup:CaFile", $"{EtcdSecrets}/ca.crt");
        }

        if (etcd.User is not null)
        {
            yield return new("EtcdBackup:PasswordFile", $"{EtcdSecrets}/password");
        }
        else if (isEncrypted)
        {
            yield return new("EtcdBackup:CertificateFile", $"{EtcdSecrets}/tls.crt");
            yield return new("EtcdBackup:KeyFile", $"{EtcdSecrets}/tls.key");
        }
    }
}
