using System.Text.Json;
using Ebb.Contracts.Secrets;

namespace Ebb.Contracts.Images;

/// <summary>Turns JSON into list nodes whose locations are JSON paths.</summary>
internal static class JsonListNode
{
    /// <param name="element">The value.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="plainLevels">How many levels hold nothing secret; single values below them become <see cref="SecretValue"/>s.</param>
    public static ListNode From(JsonElement element, string path, int plainLevels = int.MaxValue) => element.ValueKind switch
    {
        JsonValueKind.Object => new ListMapping(path, [.. element.EnumerateObject().Select(property => Entry(property, path, plainLevels - 1))]),
        JsonValueKind.Array => new ListSequence(path, [.. element.EnumerateArray().Select((item, i) => From(item, $"{path}[{i}]", plainLevels - 1))]),
        _ when plainLevels < 0 => new SecretValue(path, element),
        JsonValueKind.String => new ListScalar(path, element.GetString(), IsText: true, IsLiteral: false),
        JsonValueKind.Null => new ListScalar(path, null, IsText: false, IsLiteral: false),
        _ => new ListScalar(path, element.GetRawText(), IsText: false, IsLiteral: true),
    };

    private static ListEntry Entry(JsonProperty property, string path, int plainLevels)
    {
        var location = path is JsonRequest.Root ? Quoted.Clip(property.Name) : $"{path}.{Quoted.Clip(property.Name)}";
        return new ListEntry(location, property.Name, From(property.Value, location, plainLevels));
    }
}
