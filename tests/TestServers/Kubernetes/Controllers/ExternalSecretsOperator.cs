using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Ebb.TestServers.Kubernetes.Controllers;

/// <summary>
/// External Secrets 2.9: reads values through a delegate, writes Secrets and reports, when its rules say that a refresh is due
/// (pkg/controllers/externalsecret/externalsecret_controller.go, Reconcile and shouldRefresh). Generators, tags of <c>find</c> and targets
/// that are no Secrets are not done.
/// </summary>
/// <param name="cluster">Where.</param>
/// <param name="read">The values under a path of the store; null: there is no such secret.</param>
/// <param name="time">The clock.</param>
/// <param name="list">The store's paths, for <c>find</c>.</param>
public sealed class ExternalSecretsOperator(
    Cluster cluster, Func<string, IReadOnlyDictionary<string, string>?> read, TimeProvider time, Func<IEnumerable<string>>? list = null)
    : ClusterController(cluster, "externalsecrets", "clusterexternalsecrets", "secrets", "namespaces")
{
    private const string Manager = "external-secrets";
    private const string ForceSync = "external-secrets.io/force-sync";

    private readonly ProvidedData _provider = new(read, list ?? (() => []));

    /// <summary>How often the store was read.</summary>
    public int Reads => _provider.Reads;

    /// <summary>How often a Secret was written.</summary>
    public int Writes { get; private set; }

    protected override void Reconcile(string plural, JsonObject item, JsonObject? before)
    {
        switch (plural)
        {
            // Of its own reports it hears nothing (shouldEnqueueExternalSecretUpdate).
            case "externalsecrets" when !item.IsDeleted() && (before is null || Fingerprint(item) != Fingerprint(before)):
                Sync(item);
                break;
            case "secrets" when TargetSecret.IsManaged(item):
                foreach (var external in Cluster.List("externalsecrets", item.Namespace()).Where(external => TargetSecret.NameOf(external) == item.Name() && !external.IsDeleted()))
                {
                    Sync(external);
                }

                break;
            case "clusterexternalsecrets" when !item.IsDeleted():
                Spread(item);
                break;
            case "namespaces" when Cluster.Resources.Serves("clusterexternalsecrets"):
                foreach (var spread in Cluster.List("clusterexternalsecrets"))
                {
                    Spread(spread);
                }

                break;
        }
    }

    private void Sync(JsonObject external)
    {
        var existing = Cluster.Find("secrets", external.Namespace(), TargetSecret.NameOf(external));
        if (!IsDue(external) && TargetSecret.IsValid(existing))
        {
            return;
        }

        var began = time.GetUtcNow();
        try
        {
            var data = _provider.Of(external.Child("spec"));
            var (reason, message) = data.Count == 0 && external.Child("spec").Child("target").Text("deletionPolicy") is null or "Retain"
                ? ("SecretSynced", "secret retained due to DeletionPolicy=Retain")
                : Write(external, existing, data);
            Report(external, "True", reason, message, began);
        }
        catch (SyncFailure failure)
        {
            Report(external, "False", "SecretSyncedError", failure.Message, null);
        }
    }

    private bool IsDue(JsonObject external)
    {
        var status = external.Child("status");
        var synced = status.Text("syncedResourceVersion");
        var never = string.IsNullOrEmpty(synced) || status.Text("refreshTime") is null;
        return external.Child("spec").Text("refreshPolicy") switch
        {
            "CreatedOnce" => never,
            "OnChange" => never || synced != Fingerprint(external),
            _ when Interval(external) <= TimeSpan.Zero && !string.IsNullOrEmpty(synced) => false,
            _ => never || synced != Fingerprint(external) || DateTimeOffset.Parse(status.Text("refreshTime")!) + Interval(external) <= time.GetUtcNow(),
        };
    }

    private (string Reason, string Message) Write(JsonObject external, JsonObject? existing, IReadOnlyDictionary<string, string> data)
    {
        var policy = external.Child("spec").Child("target").Text("creationPolicy") ?? "Owner";
        if (policy == "None")
        {
            return ("SecretSynced", "secret synced");
        }

        if (policy == "Merge" && existing is null)
        {
            return ("SecretMissing", "secret will not be created due to CreationPolicy=Merge");
        }

        var secret = TargetSecret.Of(external, existing, data, name => Cluster.Find("configmaps", external.Namespace(), name));
        if (existing is null)
        {
            Writes++;
            Cluster.Create("secrets", secret, Manager);
        }
        else if (!JsonNode.DeepEquals(existing, secret))
        {
            Writes++;
            // Of an immutable Secret its labels and annotations are written all the same (updateSecret).
            var isRefused = existing.Flag("immutable") && !JsonNode.DeepEquals(existing["data"], secret["data"]);
            Cluster.Change("secrets", external.Namespace(), secret.Name(), live =>
            {
                live["metadata"] = secret["metadata"]!.DeepClone();
                if (!isRefused)
                {
                    live["data"] = secret["data"]!.DeepClone();
                    if (secret.Flag("immutable"))
                    {
                        live["immutable"] = true;
                    }
                }
            }, Manager);
            if (isRefused)
            {
                throw new SyncFailure("could not update secret, target is immutable");
            }
        }

        return ("SecretSynced", "secret synced");
    }

    // Both the version and the time it began, in whole seconds, change on success only (markAsDone, markAsFailed).
    private void Report(JsonObject external, string ready, string reason, string message, DateTimeOffset? succeeded) => Cluster.ChangeStatus(
        "externalsecrets", external.Namespace(), external.Name(),
        status =>
        {
            var old = status.Objects("conditions").FirstOrDefault(condition => condition.Text("status") == ready);
            status["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = "Ready",
                ["status"] = ready,
                ["reason"] = reason,
                ["message"] = message,
                ["lastTransitionTime"] = old.Text("lastTransitionTime") ?? $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}",
            });
            if (succeeded is { } began)
            {
                status["refreshTime"] = $"{began:yyyy-MM-ddTHH:mm:ssZ}";
                status["syncedResourceVersion"] = Fingerprint(external);
                status["binding"] = new JsonObject { ["name"] = TargetSecret.NameOf(external) };
            }
        },
        Manager);

    // Annotations and labels of the ExternalSecret are overwritten; force-sync is taken from the ClusterExternalSecret.
    private void Spread(JsonObject all)
    {
        var name = all.Child("spec").Text("externalSecretName") ?? all.Name();
        var spec = all.Child("spec").Child("externalSecretSpec") ?? [];
        foreach (var at in Cluster.List("namespaces").Where(item => !item.IsDeleted() && Matches(all, item)).Select(ObjectJson.Name))
        {
            var metadata = all.Child("spec").Child("externalSecretMetadata").Child("annotations")?.Copy() ?? [];
            if (all.Annotation(ForceSync) is { } force)
            {
                metadata[ForceSync] = force;
            }

            var owner = TargetSecret.Owned(all);
            if (Cluster.Find("externalsecrets", at, name) is null)
            {
                Cluster.Create("externalsecrets", new JsonObject
                {
                    ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = at, ["annotations"] = metadata, ["ownerReferences"] = owner },
                    ["spec"] = spec.DeepClone(),
                }, Manager);
            }
            else
            {
                Cluster.Change("externalsecrets", at, name, item =>
                {
                    item.Metadata()["annotations"] = metadata;
                    item.Metadata()["ownerReferences"] = owner;
                    item["spec"] = spec.DeepClone();
                }, Manager);
            }
        }
    }

    private static bool Matches(JsonObject all, JsonObject item) =>
        all.Child("spec").Texts("namespaces").Contains(item.Name())
        || all.Child("spec").Objects("namespaceSelectors").Any(selector =>
            (selector.Child("matchLabels") ?? []).All(label => item.Label(label.Key) == label.Value?.GetValue<string>()));

    private static TimeSpan Interval(JsonObject external)
    {
        var text = external.Child("spec").Text("refreshInterval") ?? "1h0m0s";
        var total = TimeSpan.Zero;
        foreach (System.Text.RegularExpressions.Match part in System.Text.RegularExpressions.Regex.Matches(text, "([0-9]+)([hms])"))
        {
            var number = int.Parse(part.Groups[1].Value);
            total += part.Groups[2].Value switch { "h" => TimeSpan.FromHours(number), "m" => TimeSpan.FromMinutes(number), _ => TimeSpan.FromSeconds(number) };
        }

        return total;
    }

    // ctrlutil.GetResourceVersion: the generation and a hash of annotations and labels.
    private static string Fingerprint(JsonObject external)
    {
        var metadata = external.Child("metadata");
        var text = $"{metadata.Child("annotations")?.ToJsonString()}{metadata.Child("labels")?.ToJsonString()}";
        return $"{metadata.Number("generation")}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32]}";
    }
}
