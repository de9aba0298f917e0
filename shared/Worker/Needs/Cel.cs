using System.Text.Json.Nodes;

namespace Ebb.Worker;

/// <summary>Writes parts of expressions for <see cref="WriteRule"/>. Values become literals: nothing of them is read as an expression.</summary>
public static class Cel
{
    /// <summary>A text (CEL language definition, "String and Bytes Values").</summary>
    /// <param name="text">The text.</param>
    public static string Text(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)
            .Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}'";
    }

    /// <summary>A list of texts.</summary>
    /// <param name="texts">The texts.</param>
    public static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Text))}]";

    /// <summary>A JSON value. The API server wants the entries of a literal to be of one type, so those that are not all texts are dynamic.</summary>
    /// <param name="value">The value.</param>
    public static string Json(JsonNode? value) => value switch
    {
        JsonObject map => $"{{{string.Join(", ", map.Select(entry => $"{Text(entry.Key)}: {Entry(entry.Value, map.All(other => IsText(other.Value)))}"))}}}",
        JsonArray list => $"[{string.Join(", ", list.Select(item => Entry(item, list.All(IsText))))}]",
        null => "null",
        _ when IsText(value) => Text(value.GetValue<string>()),
        _ => value.ToJsonString(),
    };

    private static string Entry(JsonNode? value, bool allTexts) => allTexts ? Json(value) : $"dyn({Json(value)})";

    private static bool IsText(JsonNode? value) => value?.GetValueKind() == System.Text.Json.JsonValueKind.String;

    /// <summary>Whether a field is on the new object as on the old one, or on neither.</summary>
    /// <param name="field">The field below <c>object</c> and <c>oldObject</c>, such as <c>metadata.finalizers</c>.</param>
    public static string Same(string field) => $"has(object.{field}) == has(oldObject.{field}) && (!has(object.{field}) || object.{field} == oldObject.{field})";

    /// <summary>Whether a map has an entry with this value; false where it or its map is missing.</summary>
    /// <param name="parent">What has the map, such as <c>object.metadata</c>.</param>
    /// <param name="map">The map, such as <c>labels</c>.</param>
    /// <param name="key">The entry.</param>
    /// <param name="value">Its value.</param>
    public static string Has(string parent, string map, string key, string value) =>
        $"has({parent}.{map}) && {Text(key)} in {parent}.{map} && {parent}.{map}[{Text(key)}] == {Text(value)}";

    /// <summary>Whether a map is on the new object as on the old one, other than entries that may change.</summary>
    /// <param name="parent">What has the map, below <c>object</c> and <c>oldObject</c>, such as <c>metadata</c>.</param>
    /// <param name="map">The map, such as <c>annotations</c>.</param>
    /// <param name="mayChange">An expression over <c>k</c>, the entry's key; <c>false</c>: none may.</param>
    public static string Unchanged(string parent, string map, string mayChange)
    {
        var (now, before) = ($"object.{parent}.{map}", $"oldObject.{parent}.{map}");
        return $"(!has({now}) || {now}.all(k, {mayChange} || (has({before}) && k in {before} && {before}[k] == {now}[k]))) && "
            + $"(!has({before}) || {before}.all(k, {mayChange} || (has({now}) && k in {now})))";
    }
}
