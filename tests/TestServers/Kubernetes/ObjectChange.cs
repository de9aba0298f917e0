using System.Text.Json.Nodes;

namespace Ebb.TestServers.Kubernetes;

/// <summary>One change in the history: the object before (null: new) and after (null: gone; then before has the final version).</summary>
public sealed record ObjectChange(long Version, ApiResource Resource, JsonObject? Before, JsonObject? After)
{
    public JsonObject Current => After ?? Before!;
}
