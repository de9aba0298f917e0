using System.Text.Json.Nodes;

namespace Ebb.TestServers.Vault;

/// <summary>JSON merge patch (RFC 7396, section 2).</summary>
internal static class MergePatch
{
    public static JsonObject Apply(JsonObject target, JsonObject patch)
    {
        foreach (var (key, value) in patch)
        {
            if (value is null)
            {
                target.Remove(key);
            }
            else
            {
                target[key] = value is JsonObject inner ? Apply(target[key]?.DeepClone() as JsonObject ?? [], inner) : value.DeepClone();
            }
        }

        return target;
    }
}
