using System.Text.Json.Nodes;
using Ebb.Manifests.Documents;
using Ebb.Manifests.Writing;
using Ebb.Storage.Roles;

namespace Ebb.Manifests;

/// <summary>Every file of every app.</summary>
internal static class AppManifests
{
    // No app is named so: the folders of apps are words of theirs.
    private const string StorageFolder = "storage";

    public static ManifestFiles Of(IReadOnlyList<PlannedApp> apps)
    {
        var files = new ManifestFiles();
        foreach (var app in apps)
        {
            var documents = Documents(app).OrderBy(entry => entry.File, StringComparer.Ordinal).ToList();
            foreach (var (file, document) in documents)
            {
                files.Add($"{app.Name}/{file}", document);
            }

            files.AddText($"{app.Name}/host.json", app.HostJson);
            files.Add($"{app.Name}/kustomization.yaml", Kustomization(app, documents.Select(entry => entry.File)));
        }

        PlannedApp[] apart = [.. apps.Where(app => !app.IsAllInOne)];
        AddStorage(files, apart);
        files.Add("kustomization.yaml", Root(apart.Select(app => app.Name).Append(StorageFolder)));
        return files;
    }

    /// <summary>The app's documents, for either way of writing them.</summary>
    public static IEnumerable<(string File, JsonObject Document)> Documents(PlannedApp app)
    {
        yield return ("deployment.yaml", DeploymentDocument.Of(app));
        yield return ("service-account.yaml", AccessDocuments.ServiceAccount(app));
        yield return ("network-policy.yaml", NetworkPolicyDocument.Of(app));
        foreach (var role in AccessDocuments.Roles(app))
        {
            yield return role;
        }

        foreach (var document in AdmissionDocuments.Of(app).Concat(Scaling(app)).Concat(Door(app)))
        {
            yield return document;
        }
    }

    private static void AddStorage(ManifestFiles files, PlannedApp[] apps)
    {
        var documents = StorageDocuments.Of(apps).ToList();
        foreach (var (file, document) in documents)
        {
            files.Add($"{StorageFolder}/{file}", document);
        }

        files.AddText($"{StorageFolder}/{StorageDocuments.RolesFile}", StorageRoles.ToJson(StorageRolesOf.All(apps)));
        files.Add($"{StorageFolder}/kustomization.yaml", StorageDocuments.Kustomization(apps[0].Options, documents.Select(entry => entry.File)));
    }

    private static IEnumerable<(string File, JsonObject Document)> Scaling(PlannedApp app)
    {
        if (app.IsAllInOne)
        {
            yield return ("persistent-volume-claim.yaml", VolumeClaimDocument.Of(app));
        }

        if (!app.IsScaled)
        {
            yield break;
        }

        yield return ("scaled-object.yaml", ScalingDocuments.ScaledObject(app));
        if (app.Queues.Count > 0 || app.Timers.Count > 0)
        {
            yield return ("trigger-authentication.yaml", ScalingDocuments.Authentication(app));
        }

        if (app.RabbitQueues.Count > 0)
        {
            yield return ("rabbitmq-trigger-authentication.yaml", RabbitDocuments.Authentication(app));
        }
    }

    private static IEnumerable<(string File, JsonObject Document)> Door(PlannedApp app)
    {
        if (!app.IsDoor)
        {
            yield break;
        }

        yield return ("service.yaml", DoorDocuments.Service(app));
        yield return ("ingress.yaml", DoorDocuments.Ingress(app));
        if (!app.IsAllInOne)
        {
            yield return ("pod-disruption-budget.yaml", DoorDocuments.DisruptionBudget(app));
        }
    }

    private static JsonObject Kustomization(PlannedApp app, IEnumerable<string> files) => new()
    {
        ["apiVersion"] = "kustomize.config.k8s.io/v1beta1",
        ["kind"] = "Kustomization",
        ["resources"] = Names(files),
        // Its name ends in a hash of its content, so that a changed host.json rolls the pods.
        ["configMapGenerator"] = new JsonArray(new JsonObject
        {
            ["name"] = PodVolumes.HostConfigMap(app),
            ["namespace"] = app.Options.Namespace,
            ["files"] = Names(["host.json"]),
        }),
    };

    private static JsonObject Root(IEnumerable<string> apps) => new()
    {
        ["apiVersion"] = "kustomize.config.k8s.io/v1beta1",
        ["kind"] = "Kustomization",
        ["resources"] = Names(apps),
    };

    private static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(name => (JsonNode)name)]);
}
