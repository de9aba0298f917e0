using System.Text.Json.Nodes;

namespace Ebb.PrPreview.Values;

/// <summary>Merges values as Helm does (chartutil.CoalesceTables): mappings key by key, everything else as a whole.</summary>
internal static class Merge
{
    /// <summary>The values with the overrides in them; where both say something, the overrides count, nulls included.</summary>
    public static JsonObject Over(JsonObject values, JsonObject overrides)
    {
        var merged = values.DeepClone().AsObject();
        foreach (var (key, value) in overrides)
        {
            merged[key] = value is JsonObject inner && merged[key] is JsonObject below ? Over(below, inner) : value?.DeepClone();
        }

        return merged;
    }
}
