using System.Text.Json.Nodes;
using Ebb.Manifests.Settings;
using Ebb.Worker;

namespace Ebb.Manifests.Documents;

/// <summary>
/// The Job that prepares the database before the apps of a version start: as the owner of the schema, whose password no other pod has. Argo CD
/// runs it anew at every sync, after the database and before the apps; each try that comes too early is repeated.
/// </summary>
internal static class StorageDocuments
{
    /// <summary>The list of roles, and its key in the ConfigMap.</summary>
    public const string RolesFile = "roles.json";

    /// <summary>The ConfigMap with the list.</summary>
    public const string RolesConfigMap = Name + "-roles";

    private const string Name = "ebb-storage";
    private const string RolesDirectory = "/etc/ebb/storage";
    private const string Owner = "app";

    // From 10 seconds, twice as long each time up to five minutes: half an hour for a database that is being made.
    private const int Tries = 10;

    /// <summary>The folder's documents.</summary>
    public static IEnumerable<(string File, JsonObject Document)> Of(IReadOnlyList<PlannedApp> apps)
    {
        // Every app's program has the command; the door's image is always there.
        var image = apps.FirstOrDefault(app => app.IsDoor) ?? apps[0];
        var job = image with { Name = Name, Functions = [], OffTimers = [], Needs = AppNeeds.Nothing, Settings = new Dictionary<string, string>() };
        yield return ("job.yaml", Job(job, image.Name));
        yield return ("network-policy.yaml", Before(NetworkPolicyDocument.Of(job)));
        yield return ("service-account.yaml", Before(AccessDocuments.ServiceAccount(job)));
    }

    /// <summary>Its kustomization.</summary>
    public static JsonObject Kustomization(ManifestOptions options, IEnumerable<string> files) => new()
    {
        ["apiVersion"] = "kustomize.config.k8s.io/v1beta1",
        ["kind"] = "Kustomization",
        ["resources"] = new JsonArray([.. files.Select(file => (JsonNode)file)]),
        ["configMapGenerator"] = new JsonArray(new JsonObject
        {
            ["name"] = RolesConfigMap,
            ["namespace"] = options.Namespace,
            ["files"] = new JsonArray(RolesFile),
            ["options"] = new JsonObject { ["annotations"] = BeforeTheJob() },
        }),
    };

    /// <summary>The annotations of what the Job needs.</summary>
    public static JsonObject BeforeTheJob() => new() { [Waves.Key] = Waves.Before };

    private static JsonObject Before(JsonObject document)
    {
        document["metadata"]!["annotations"] = BeforeTheJob();
        return document;
    }

    private static JsonObject Job(PlannedApp job, string image) => new()
    {
        ["apiVersion"] = "batch/v1",
        ["kind"] = "Job",
        ["metadata"] = Metadata.Of(job, annotations: new JsonObject
        {
            ["argocd.argoproj.io/hook"] = "Sync",
            ["argocd.argoproj.io/hook-delete-policy"] = "BeforeHookCreation",
            [Waves.Key] = Waves.Migration,
        }),
        ["spec"] = new JsonObject
        {
            ["backoffLimit"] = Tries,
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = Metadata.Labels(job) },
                ["spec"] = Pod(job, image),
            },
        },
    };

    private static JsonObject Pod(PlannedApp job, string image)
    {
        PodVolume[] volumes =
        [
            new("roles", RolesDirectory, "configMap", new JsonObject { ["name"] = RolesConfigMap }),
            new("tmp", "/tmp", "emptyDir", new JsonObject { ["sizeLimit"] = "64Mi" }, ReadOnly: false),
            .. PodVolumes.Storage(job.Options, Owner),
        ];
        return new JsonObject
        {
            ["serviceAccountName"] = job.Name,
            ["automountServiceAccountToken"] = false,
            ["enableServiceLinks"] = false,
            ["restartPolicy"] = "OnFailure",
            ["securityContext"] = DeploymentDocument.PodSecurity(),
            ["containers"] = new JsonArray(new JsonObject
            {
                ["name"] = job.Name,
                ["image"] = $"{job.Options.Registry}/{image}:{job.Options.Tag}",
                ["args"] = new JsonArray("storage", "migrate", "--roles", $"{RolesDirectory}/{RolesFile}"),
                ["env"] = new JsonArray(
                    Variable("DOTNET_EnableDiagnostics", "0"),
                    Variable("Storage", job.Options.Storage.ForOwner),
                    Variable("Storage__CaFile", PodVolumes.StorageCa),
                    Variable("Storage__PasswordFile", PodVolumes.StoragePassword)),
                ["resources"] = ResourceFigures.Door.ToJson(),
                ["securityContext"] = DeploymentDocument.ContainerSecurity(),
                ["volumeMounts"] = new JsonArray([.. volumes.Select(volume => volume.ToMount())]),
            }),
            ["volumes"] = new JsonArray([.. volumes.Select(volume => volume.ToVolume())]),
        };
    }

    private static JsonObject Variable(string name, string value) => new() { ["name"] = name, ["value"] = value };

    /// <summary>Argo CD's order: what the Job needs, the Job, and without a number the rest.</summary>
    private static class Waves
    {
        public const string Key = "argocd.argoproj.io/sync-wave";
        public const string Before = "-2";
        public const string Migration = "-1";
    }
}
