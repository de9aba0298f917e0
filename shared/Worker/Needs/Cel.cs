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
