using System.Globalization;
using System.Text.Json.Nodes;

namespace Ebb.TestServers.Kubernetes;

/// <summary>Counts objects against quotas (https://kubernetes.io/docs/concepts/policy/resource-quotas/#object-count-quota). Compute resources are not counted.</summary>
internal sealed class ResourceQuotas(ObjectStore store, ApiResources resources)
{
    public void Admit(ApiResource resource, JsonObject item)
    {
        foreach (var quota in item.Namespace() is { } at ? store.List(resources.Named("resourcequotas"), at) : [])
        {
            var exceeded = Limits(quota)
                .Where(limit => Counts(limit.Name, resource))
                .Select(limit => (limit.Name, limit.Hard, Used: Count(resource, at: item.Namespace()!)))
                .Where(limit => limit.Used + 1 > limit.Hard)
                .ToList();
            if (exceeded.Count > 0)
            {
                throw ApiException.Forbidden(
                    resource, item.Name(),
                    $"exceeded quota: {quota.Name()}, requested: {string.Join(",", exceeded.Select(limit => $"{limit.Name}=1"))}, "
                    + $"used: {string.Join(",", exceeded.Select(limit => $"{limit.Name}={limit.Used}"))}, limited: {string.Join(",", exceeded.Select(limit => $"{limit.Name}={limit.Hard}"))}");
            }
        }
    }

    /// <summary>Brings the quotas' status up to date.</summary>
    public void Refresh(string? @namespace = null)
    {
        foreach (var quota in store.List(resources.Named("resourcequotas"), @namespace))
        {
            var used = new JsonObject();
            foreach (var (name, _) in quota.Child("spec").Child("hard") ?? [])
            {
                used[name] = resources.All.FirstOrDefault(resource => Counts(name, resource)) is { } resource ? Count(resource, quota.Namespace()!).ToString() : "0";
            }

            var next = quota.Copy();
            next["status"] = new JsonObject { ["hard"] = quota.Child("spec")?["hard"]?.DeepClone() ?? new JsonObject(), ["used"] = used };
            if (!JsonNode.DeepEquals(quota, next))
            {
                store.Write(resources.Named("resourcequotas"), next);
            }
        }
    }

    private static IEnumerable<(string Name, int Hard)> Limits(JsonObject quota) =>
        (quota.Child("spec").Child("hard") ?? [])
            .Where(limit => int.TryParse(limit.Value?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(limit => (limit.Key, int.Parse(limit.Value!.ToString(), CultureInfo.InvariantCulture)));

    private static bool Counts(string name, ApiResource resource) => name == $"count/{resource.QualifiedName}"
        || (name == resource.Plural && resource.Plural is "pods" or "secrets" or "configmaps" or "services" or "persistentvolumeclaims" or "resourcequotas" && resource.Group == "" && name == resource.Plural);

    // Pods that have ended do not count.
    private int Count(ApiResource resource, string at) =>
        store.List(resource, at).Count(item => resource.Plural != "pods" || item.Child("status").Text("phase") is not ("Succeeded" or "Failed"));
}
