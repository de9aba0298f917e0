using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ebb.Manifests.Tests.Schemas;

/// <summary>
/// Checks values against a CRD's structural schema (Kubernetes, "Specifying a structural schema"), strictly: a field that the schema does
/// not have is a problem, as with <c>kubectl --validate=strict</c>.
/// </summary>
internal sealed class StructuralSchema(JsonObject schema)
{
    public IReadOnlyList<string> Problems(JsonNode? value, string path)
    {
        var problems = new List<string>();
        Check(schema, value, path, problems);
        return problems;
    }

    private static void Check(JsonObject schema, JsonNode? value, string path, List<string> problems)
    {
        if (value is null)
        {
            if (!Flag(schema, "nullable"))
            {
                problems.Add($"{path} is null");
            }

            return;
        }

        CheckType(schema, value, path, problems);
        CheckValue(schema, value, path, problems);
        switch (value)
        {
            case JsonObject mapping:
                CheckMapping(schema, mapping, path, problems);
                break;
            case JsonArray sequence:
                CheckSequence(schema, sequence, path, problems);
                break;
        }
    }

    private static void CheckType(JsonObject schema, JsonNode value, string path, List<string> problems)
    {
        var kind = value.GetValueKind();
        var fits = Flag(schema, "x-kubernetes-int-or-string")
            ? kind is JsonValueKind.Number or JsonValueKind.String
            : schema["type"]?.GetValue<string>() switch
            {
                "object" => kind is JsonValueKind.Object,
                "array" => kind is JsonValueKind.Array,
                "string" => kind is JsonValueKind.String,
                "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
                "integer" => kind is JsonValueKind.Number && value.ToJsonString().All(c => char.IsAsciiDigit(c) || c == '-'),
                "number" => kind is JsonValueKind.Number,
                _ => true,
            };
        if (!fits)
        {
            problems.Add($"{path} is {value.ToJsonString()}, no {schema["type"]?.GetValue<string>() ?? "integer or string"}");
        }
    }

    private static void CheckValue(JsonObject schema, JsonNode value, string path, List<string> problems)
    {
        if (schema["enum"] is JsonArray allowed && !allowed.Any(one => JsonNode.DeepEquals(one, value)))
        {
            problems.Add($"{path} is {value.ToJsonString()}, none of {allowed.ToJsonString()}");
        }

        if (value.GetValueKind() is JsonValueKind.String)
        {
            var text = value.GetValue<string>();
            if (schema["pattern"] is { } pattern && !Regex.IsMatch(text, pattern.GetValue<string>(), RegexOptions.None, TimeSpan.FromSeconds(10)))
            {
                problems.Add($"{path} is '{text}', which does not match {pattern}");
            }

            Bound(schema, "minLength", text.Length, least: true, path, problems);
            Bound(schema, "maxLength", text.Length, least: false, path, problems);
        }
        else if (value.GetValueKind() is JsonValueKind.Number)
        {
            Bound(schema, "minimum", double.Parse(value.ToJsonString()), least: true, path, problems);
            Bound(schema, "maximum", double.Parse(value.ToJsonString()), least: false, path, problems);
        }
    }

    private static void CheckMapping(JsonObject schema, JsonObject mapping, string path, List<string> problems)
    {
        var properties = schema["properties"] as JsonObject;
        foreach (var required in (schema["required"] as JsonArray ?? []).Select(name => name!.GetValue<string>()).Where(name => !mapping.ContainsKey(name)))
        {
            problems.Add($"{path}.{required} is missing");
        }

        Bound(schema, "minProperties", mapping.Count, least: true, path, problems);
        Bound(schema, "maxProperties", mapping.Count, least: false, path, problems);
        foreach (var (name, value) in mapping)
        {
            if (properties?[name] is JsonObject property)
            {
                Check(property, value, $"{path}.{name}", problems);
            }
            else if (schema["additionalProperties"] is JsonObject additional)
            {
                Check(additional, value, $"{path}.{name}", problems);
            }
            else if (!Flag(schema, "additionalProperties") && !Flag(schema, "x-kubernetes-preserve-unknown-fields"))
            {
                problems.Add($"{path}.{name} does not exist");
            }
        }
    }

    private static void CheckSequence(JsonObject schema, JsonArray sequence, string path, List<string> problems)
    {
        Bound(schema, "minItems", sequence.Count, least: true, path, problems);
        Bound(schema, "maxItems", sequence.Count, least: false, path, problems);
        if (schema["items"] is JsonObject items)
        {
            for (var i = 0; i < sequence.Count; i++)
            {
                Check(items, sequence[i], $"{path}[{i}]", problems);
            }
        }
    }

    private static void Bound(JsonObject schema, string name, double found, bool least, string path, List<string> problems)
    {
        if (schema[name] is { } bound && (least ? found < double.Parse(bound.ToJsonString()) : found > double.Parse(bound.ToJsonString())))
        {
            problems.Add($"{path} has {found}, against {name} {bound.ToJsonString()}");
        }
    }

    private static bool Flag(JsonObject schema, string name) => schema[name] is JsonValue flag && flag.GetValueKind() is JsonValueKind.True;
}
