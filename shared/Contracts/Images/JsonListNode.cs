using System.Text.Json;

namespace Ebb.Contracts.Images;

/// <summary>Turns JSON into list nodes whose locations are JSON paths.</summary>
internal static class JsonListNode
{
    public static ListNode From(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.Object => new ListMapping(path, [.. element.EnumerateObject().Select(property => Entry(property, path))]),
        JsonValueKind.Array => new ListSequence(path, [.. element.EnumerateArray().Select((item, i) => From(item, $"{path}[{i}]"))]),
        JsonValueKind.String => new ListScalar(path, element.GetString(), IsText: true, IsLiteral: false),
        JsonValueKind.Null => new ListScalar(path, null, IsText: false, IsLiteral: false),
        _ => new ListScalar(path, element.GetRawText(), IsText: false, IsLiteral: true),
    };

    private static ListEntry Entry(JsonProperty property, string path)
    {
        var location = path is JsonRequest.Root ? Quoted.Clip(property.Name) : $"{path}.{Quoted.Clip(property.Name)}";
        return new ListEntry(location, property.Name, From(property.Value, location));
    }
}
