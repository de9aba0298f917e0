using System.Text.Json.Nodes;
using Ebb.Manifests.Settings;
using Ebb.Worker;

namespace Ebb.Manifests.Documents;

/// <summary>The volumes of an app's pod.</summary>
internal static class PodVolumes
{
    /// <summary>Where host.json is, which is looked for in the working directory.</summary>
    public const string WorkingDirectory = "/etc/ebb/host";

    public const string StoragePassword = "/run/secrets/ebb/storage/password";
    public const string StorageCa = "/run/secrets/ebb/storage-ca/ca.crt";
    public const string DataDirectory = "/data";

    private const string FunctionKeys = "ebb-function-keys";

    public static string HostConfigMap(PlannedApp app) => $"{app.Name}-host";

    public static IReadOnlyList<PodVolume> Of(PlannedApp app)
    {
        var volumes = new List<PodVolume>
        {
            new("host", WorkingDirectory, "configMap", new JsonObject { ["name"] = HostConfigMap(app) }),
            Scratch(new ScratchNeed("tmp", "/tmp", "64Mi")),
        };
        if (app.IsAllInOne)
        {
            volumes.Add(new PodVolume("data", DataDirectory, "persistentVolumeClaim", new JsonObject { ["claimName"] = app.Name }, ReadOnly: false));
        }
        else
        {
            volumes.AddRange(Storage(app.Options, app.Name));
        }

        if (app.RabbitQueues.Count > 0)
        {
            volumes.Add(PodVolume.OfSecret(RabbitDocuments.Secret, RabbitDocuments.Directory, ["username", "password", "ca.crt"]));
            if (!app.Needs.Secrets.Any(secret => secret.Secret == FunctionKeys))
            {
                // What senders may ask for; of the Secret only that file, no key.
                volumes.Add(PodVolume.OfSecret(FunctionKeys, "/run/secrets/functions-keys", ["scopes.json"], optional: true));
            }
        }

        volumes.AddRange(app.Needs.Scratch.Select(Scratch));
        volumes.AddRange(app.Needs.Files.Select(file =>
            new PodVolume(file.ConfigMap, file.Directory, "configMap", new JsonObject { ["name"] = file.ConfigMap })));
        volumes.AddRange(app.Needs.Secrets.Select(secret => PodVolume.OfSecret(secret.Secret, secret.Directory, secret.Keys, secret.Optional)));
        return volumes;
    }

    /// <summary>The password of one user of the database, and the database's authority.</summary>
    public static IEnumerable<PodVolume> Storage(ManifestOptions options, string user) =>
    [
        PodVolume.OfSecret($"{options.StorageCluster}-{user}", "/run/secrets/ebb/storage", ["password"]),
        // Only the certificate: CloudNativePG keeps its key beside it.
        PodVolume.OfSecret($"{options.StorageCluster}-ca", "/run/secrets/ebb/storage-ca", ["ca.crt"]),
    ];

    private static PodVolume Scratch(ScratchNeed need) =>
        new(need.Name, need.Directory, "emptyDir", new JsonObject { ["sizeLimit"] = need.SizeLimit }, ReadOnly: false);
}
