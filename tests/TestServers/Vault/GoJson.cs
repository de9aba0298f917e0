using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ebb.TestServers.Vault;

/// <summary>
/// What becomes of a JSON object that Go reads into a map and writes again, as the engine does at each read: keys sorted, numbers through
/// float64 (builtin/logical/kv/path_data.go, <c>json.Unmarshal(version.Data, &amp;vData)</c>).
/// </summary>
internal static class GoJson
{
    public static JsonNode? Read(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, Read(pair.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Read)]),
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => JsonNode.Parse(Number(double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture))),
        _ => node?.DeepClone(),
    };

    // encoding/json, floatEncoder: like ES6, exponents below 1e-6 and from 1e21 on.
    private static string Number(double value)
    {
        var size = Math.Abs(value);
        return size is not 0 and (< 1e-6 or >= 1e21)
            ? value.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant().Replace("e-0", "e-", StringComparison.Ordinal)
            : Plain(value).ToString(CultureInfo.InvariantCulture);
    }

    private static decimal Plain(double value) => decimal.Parse(value.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture);
}
