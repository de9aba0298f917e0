using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ebb.TestServers.Kubernetes.Controllers;

/// <summary>
/// Stakater Reloader 1.4.21 with its default strategy: when a Secret's data changes, workloads that ask for it get an environment variable
/// with the new hash, which rolls them out (pkg/common/common.go, ShouldReload; internal/pkg/handler/upgrade.go, updateContainerEnvVars).
/// </summary>
public sealed class Reloader(Cluster cluster) : ClusterController(cluster, "secrets")
{
    private const string Domain = "reloader.stakater.com";

    private static readonly string[] Workloads = ["deployments", "statefulsets", "daemonsets"];

    // Go's strconv.ParseBool.
    private static readonly string[] True = ["1", "t", "T", "TRUE", "true", "True"];

    /// <summary><c>--auto-reload-all</c>.</summary>
    public bool AutoReloadAll { get; set; }

    /// <summary>How often it rolled something out.</summary>
    public int Reloads { get; private set; }

    protected override void Reconcile(string plural, JsonObject item, JsonObject? before)
    {
        // Only updates count: a Secret that is new rolls nothing out, without --reload-on-create.
        if (before is null || HashOf(before) == HashOf(item))
        {
            return;
        }

        foreach (var type in Workloads)
        {
            foreach (var workload in Cluster.List(type, item.Namespace()))
            {
                if (ShouldReload(workload, item) is { } isAuto && Container(workload, item.Name(), isAuto) is { } container)
                {
                    Reload(type, workload, container, item);
                }
            }
        }
    }

    // Null: no; else whether only for what its containers use.
    private bool? ShouldReload(JsonObject workload, JsonObject secret)
    {
        if (secret.Annotation($"{Domain}/ignore") == "true")
        {
            return null;
        }

        var own = workload.Child("metadata").Child("annotations") ?? [];
        var (list, search, auto, typedAuto) = ($"secret.{Domain}/reload", $"{Domain}/search", $"{Domain}/auto", $"secret.{Domain}/auto");
        var annotations = new[] { list, search, auto, typedAuto }.Any(own.ContainsKey) ? own : workload.Child("spec").Child("template").Child("metadata").Child("annotations") ?? [];
        if ((own.Text($"secrets.exclude.{Domain}/reload") ?? "").Split(',').Any(name => name.Trim() == secret.Name()))
        {
            return null;
        }

        if ((annotations.Text(list) ?? "").Split(',').Any(name => Regex.IsMatch(secret.Name(), $"^{name.Trim()}$")))
        {
            return false;
        }

        if (annotations.Text(search) == "true" && secret.Annotation($"{Domain}/match") == "true")
        {
            return true;
        }

        var (all, one) = (annotations.Text(auto) ?? "", annotations.Text(typedAuto) ?? "");
        return True.Contains(all) || True.Contains(one) || (all.Length == 0 && one.Length == 0 && AutoReloadAll) ? true : null;
    }

    // getContainerUsingResource: of the volumes only the first that holds the Secret counts, and only where it is mounted.
    private static string? Container(JsonObject workload, string secret, bool isAuto)
    {
        var pod = workload.Child("spec").Child("template").Child("spec");
        var volume = pod.Objects("volumes").FirstOrDefault(volume => volume.Child("secret").Text("secretName") == secret
            || volume.Child("projected").Objects("sources").Any(source => source.Child("secret").Text("name") == secret)).Text("name");
        var (containers, first) = (pod.Objects("containers").ToList(), pod.Objects("initContainers").ToList());
        foreach (var uses in new Func<JsonObject, bool>[]
        {
            container => volume is not null && container.Objects("volumeMounts").Any(mount => mount.Text("name") == volume),
            container => container.Objects("envFrom").Any(source => source.Child("secretRef").Text("name") == secret)
                || container.Objects("env").Any(variable => variable.Child("valueFrom").Child("secretKeyRef").Text("name") == secret),
        })
        {
            if ((containers.FirstOrDefault(uses) ?? (first.Any(uses) ? containers[0] : null)) is { } container)
            {
                return container.Text("name");
            }
        }

        return isAuto ? null : containers[0].Text("name");
    }

    private void Reload(string type, JsonObject workload, string container, JsonObject secret)
    {
        var variable = $"STAKATER_{Regex.Replace(secret.Name().ToUpperInvariant(), "[^A-Z0-9]+", "_")}_SECRET";
        Cluster.Change(type, workload.Namespace(), workload.Name(), changed => Reloads += SetVariable(changed, container, variable, HashOf(secret)) ? 1 : 0, "Reloader");
    }

    private static bool SetVariable(JsonObject workload, string container, string name, string hash)
    {
        var used = workload.Child("spec").Child("template").Child("spec").Objects("containers").First(one => one.Text("name") == container);
        var variables = used["env"] as JsonArray ?? [];
        used["env"] = variables;
        if (variables.OfType<JsonObject>().FirstOrDefault(variable => variable.Text("name") == name) is not { } found)
        {
            variables.Add(new JsonObject { ["name"] = name, ["value"] = hash });
            return true;
        }

        var isNew = found.Text("value") != hash;
        found["value"] = hash;
        return isNew;
    }

    private static string HashOf(JsonObject secret) => Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(string.Join(';', (secret.Child("data") ?? [])
        .Select(entry => $"{entry.Key}={Encoding.UTF8.GetString(Convert.FromBase64String(entry.Value!.GetValue<string>()))}").Order(StringComparer.Ordinal)))));
}
