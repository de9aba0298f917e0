using System.Text.Json.Nodes;

namespace Ebb.TestServers.Kubernetes;

/// <summary>Preconditions of a deletion (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/delete-options/).</summary>
internal static class Preconditions
{
    public static void Check(ApiResource resource, JsonObject live, JsonObject? wanted)
    {
        if (wanted.Text("uid") is { } uid && uid != live.Uid())
        {
            throw ApiException.Conflict(resource, live.Name(), $"Precondition failed: UID in precondition: {uid}, UID in object meta: {live.Uid()}");
        }

        if (wanted.Text("resourceVersion") is { } version && version != live.Version())
        {
            throw ApiException.Conflict(resource, live.Name(), $"Precondition failed: ResourceVersion in precondition: {version}, ResourceVersion in object meta: {live.Version()}");
        }
    }
}
