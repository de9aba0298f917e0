using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Ebb.TestServers.Kubernetes.Controllers;

/// <summary>
/// External Secrets: reads values through a delegate, writes Secrets and reports, when its rules say that a refresh is due
/// (external-secrets v1, pkg/controllers/externalsecret, shouldRefresh; https://external-secrets.io/latest/api/externalsecret/).
/// Of templates only <c>{{ .key }}</c> is done; generators are not.
/// </summary>
public sealed class ExternalSecretsOperator(Cluster cluster, Func<string, IReadOnlyDictionary<string, string>?> read, TimeProvider time)
    : ClusterController(cluster, "externalsecrets", "clusterexternalsecrets", "secrets", "namespaces")
{
    private const string Manager = "external-secrets";
    private const string ForceSync = "external-secrets.io/force-sync";

    /// <summary>How often the store was read.</summary>
    public int Reads { get; private set; }

    /// <summary>How often a Secret was written.</summary>
    public int Writes { get; private set; }

    protected override void Reconcile(string plural, JsonObject item, JsonObject? before)
    {
        switch (plural)
        {
            case "externalsecrets" when !item.IsDeleted():
                Sync(item);
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
        var spec = external.Child("spec");
        var target = spec.Child("target").Text("name") ?? external.Name();
        var exists = Cluster.Find("secrets", external.Namespace(), target) is not null;
        if (exists && !IsDue(external))
        {
            return;
        }

        var began = time.GetUtcNow();
        var data = Collect(spec, out var problem);
        if (data is null)
        {
            Report(external, "False", "SecretSyncedError", $"could not get secret data from provider: {problem}", null, began);
            return;
        }

        Write(external, target, Filled(spec.Child("target").Child("template").Child("data"), data));
        Report(external, "True", "SecretSynced", "secret synced", target, began);
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

    private Dictionary<string, string>? Collect(JsonObject? spec, out string problem)
    {
        var data = new Dictionary<string, string>();
        problem = "";
        foreach (var (name, reference) in spec.Objects("data").Select(entry => (entry.Text("secretKey"), entry.Child("remoteRef")))
            .Concat(spec.Objects("dataFrom").Select(entry => ((string?)null, entry.Child("extract")))))
        {
            Reads++;
            var key = reference.Text("key") ?? "";
            if (read(key) is not { } values)
            {
                problem = $"Secret does not exist: {key}";
                return null;
            }

            if (name is null)
            {
                foreach (var (property, text) in values)
                {
                    data[property] = text;
                }
            }
            else if (values.TryGetValue(reference.Text("property") ?? "", out var value))
            {
                data[name] = value;
            }
            else
            {
                problem = $"cannot find secret data for key: \"{reference.Text("property")}\"";
                return null;
            }
        }

        return data;
    }

    // mergePolicy Replace, the default: nothing but what the template says.
    private static Dictionary<string, string> Filled(JsonObject? template, Dictionary<string, string> data) => template is null ? data : template.ToDictionary(
        entry => entry.Key, entry => data.Aggregate($"{entry.Value}", (text, value) => text.Replace($"{{{{ .{value.Key} }}}}", value.Value, StringComparison.Ordinal)));

    private void Write(JsonObject external, string target, Dictionary<string, string> data)
    {
        Writes++;
        var content = new JsonObject(data.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)Convert.ToBase64String(Encoding.UTF8.GetBytes(entry.Value)))));
        if (Cluster.Find("secrets", external.Namespace(), target) is not null)
        {
            Cluster.Change("secrets", external.Namespace(), target, secret => secret["data"] = content, Manager);
            return;
        }

        var metadata = new JsonObject { ["name"] = target, ["namespace"] = external.Namespace() };
        if (external.Child("spec").Child("target").Text("creationPolicy") is null or "Owner")
        {
            metadata["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = external.Text("apiVersion"),
                ["kind"] = "ExternalSecret",
                ["name"] = external.Name(),
                ["uid"] = external.Uid(),
                ["controller"] = true,
                ["blockOwnerDeletion"] = true,
            });
        }

        Cluster.Create("secrets", new JsonObject { ["metadata"] = metadata, ["type"] = "Opaque", ["data"] = content }, Manager);
    }

    private void Report(JsonObject external, string ready, string reason, string message, string? target, DateTimeOffset began) => Cluster.ChangeStatus(
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
                ["lastTransitionTime"] = old.Text("lastTransitionTime") ?? $"{began:yyyy-MM-ddTHH:mm:ssZ}",
            });
            if (target is not null)
            {
                // The time it began, in whole seconds; both change on success only.
                status["refreshTime"] = $"{began:yyyy-MM-ddTHH:mm:ssZ}";
                status["syncedResourceVersion"] = Fingerprint(external);
                status["binding"] = new JsonObject { ["name"] = target };
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

            if (Cluster.Find("externalsecrets", at, name) is null)
            {
                Cluster.Create("externalsecrets", new JsonObject
                {
                    ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = at, ["annotations"] = metadata },
                    ["spec"] = spec.DeepClone(),
                }, Manager);
            }
            else
            {
                Cluster.Change("externalsecrets", at, name, item =>
                {
                    item.Metadata()["annotations"] = metadata;
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
