using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ebb.Kubernetes;

/// <summary>
/// Reads JSON that somebody else wrote: what is missing or of another type is null, never an exception. For the objects of
/// <see cref="KubernetesObject"/>, whose fields a server, an operator or a user may have filled.
/// </summary>
public static class JsonReading
{
    /// <summary>A member that is an object.</summary>
    public static JsonObject? Child(this JsonObject? json, string name) => json?[name] as JsonObject;

    /// <summary>A member that is a string.</summary>
    public static string? Text(this JsonObject? json, string name) => json?[name].Text();

    /// <summary>A string.</summary>
    public static string? Text(this JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>A member that is a whole number.</summary>
    public static long? Number(this JsonObject? json, string name) => json?[name] is JsonValue value && value.GetValueKind() == JsonValueKind.Number
        ? Number(value)
        : null;

    /// <summary>True for a member that is <c>true</c>.</summary>
    public static bool Flag(this JsonObject? json, string name) => json?[name] is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    /// <summary>The items of a member that is an array; none when it is not.</summary>
    public static IEnumerable<JsonNode?> Items(this JsonObject? json, string name) => json?[name] as JsonArray ?? [];

    // A value made by hand holds an int, a value read from text anything that is a number.
    private static long? Number(JsonValue value) =>
        value.TryGetValue<long>(out var number) ? number : value.TryGetValue<int>(out var small) ? small : null;
}
