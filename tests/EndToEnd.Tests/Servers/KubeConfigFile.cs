using System.Text.Json.Nodes;
using Ebb.TestServers.Kubernetes;

namespace Ebb.EndToEnd.Tests.Servers;

/// <summary>A kubeconfig for somebody who may do everything in a cluster.</summary>
internal static class KubeConfigFile
{
    public static string Of(KubernetesApiServer api) => new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Config",
        ["current-context"] = "c",
        ["contexts"] = new JsonArray(new JsonObject { ["name"] = "c", ["context"] = new JsonObject { ["cluster"] = "k", ["user"] = "u" } }),
        ["clusters"] = new JsonArray(new JsonObject { ["name"] = "k", ["cluster"] = new JsonObject { ["server"] = api.Address } }),
        ["users"] = new JsonArray(new JsonObject { ["name"] = "u", ["user"] = new JsonObject { ["token"] = api.Access.AdminToken } }),
    }.ToJsonString();
}
