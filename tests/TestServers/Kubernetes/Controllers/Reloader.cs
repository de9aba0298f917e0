using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Ebb.TestServers.Kubernetes.Controllers;

/// <summary>
/// Stakater Reloader with its default strategy: when a Secret's data changes, workloads that ask for it get an environment variable
/// with the new hash, which rolls them out (https://github.com/stakater/Reloader, docs/How-it-works.md).
/// </summary>
public sealed class Reloader(Cluster cluster) : ClusterController(cluster, "secrets")
{
    private static readonly string[] Workloads = ["deployments", "statefulsets", "daemonsets"];

    /// <summary>How often it rolled something out.</summary>
    public int Reloads { get; private set; }

    protected override void Reconcile(string plural, JsonObject item, JsonObject? before)
    {
        // Only changes count: a Secret that is new rolls nothing out.
        if (before is null || JsonNode.DeepEquals(before["data"], item["data"]))
        {
            return;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(item["data"]?.ToJsonString() ?? "")));
        foreach (var type in Workloads)
        {
            foreach (var workload in Cluster.List(type, item.Namespace()).Where(workload => Wants(workload, item.Name())))
            {
                Cluster.Change(type, workload.Namespace(), workload.Name(), changed => SetVariable(changed, item.Name(), hash), "Reloader");
                Reloads++;
            }
        }
    }

    private static bool Wants(JsonObject workload, string secret)
    {
        var named = (workload.Annotation("secret.reloader.stakater.com/reload") ?? "").Split(',', StringSplitOptions.TrimEntries).Contains(secret);
        return named || (workload.Annotation("reloader.stakater.com/auto") == "true" && Uses(workload, secret));
    }

    private static bool Uses(JsonObject workload, string secret)
    {
        var pod = workload.Child("spec").Child("template").Child("spec");
        return pod.Objects("volumes").Any(volume => volume.Child("secret").Text("secretName") == secret)
            || pod.Objects("containers").Any(container =>
                container.Objects("envFrom").Any(source => source.Child("secretRef").Text("name") == secret)
                || container.Objects("env").Any(variable => variable.Child("valueFrom").Child("secretKeyRef").Text("name") == secret));
    }

    private static void SetVariable(JsonObject workload, string secret, string hash)
    {
        var name = $"STAKATER_{secret.ToUpperInvariant().Replace('-', '_').Replace('.', '_')}_SECRET";
        var container = workload.Child("spec").Child("template").Child("spec").Objects("containers").First();
        if (container["env"] is not JsonArray variables)
        {
            container["env"] = variables = [];
        }

        if (variables.OfType<JsonObject>().FirstOrDefault(variable => variable.Text("name") == name) is { } found)
        {
            found["value"] = hash;
        }
        else
        {
            variables.Add(new JsonObject { ["name"] = name, ["value"] = hash });
        }
    }
}
