using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ebb.TestServers.Kubernetes.Schemas;

/// <summary>Checks values: which fields nobody declared, and which values are not allowed, in the API server's words.</summary>
internal sealed class SchemaCheck
{
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Fields that the schema does not have: <c>spec.foo</c>.</summary>
    public List<string> Unknown { get; } = [];

    /// <summary>Values that are of another type than the schema's: these cannot even be decoded.</summary>
    public List<string> Undecodable { get; } = [];

    /// <summary>Values that break a rule.</summary>
    public List<ApiCause> Causes { get; } = [];

    public static SchemaCheck Of(JsonNode? value, Schema schema)
    {
        var check = new SchemaCheck();
        check.Visit(value, schema, "");
        return check;
    }

    /// <summary>Fills in what was left out and has a default (structural defaulting).</summary>
    public static void Complete(JsonNode? value, Schema schema)
    {
        if (value is JsonArray list && schema.Items is { } items)
        {
            foreach (var item in list)
            {
                Complete(item, items);
            }
        }

        if (value is not JsonObject map)
        {
            return;
        }

        foreach (var (name, property) in schema.Properties.Where(property => property.Value.Default is not null && map[property.Key] is null))
        {
            map[name] = property.Default!.DeepClone();
        }

        foreach (var (name, member) in map.ToList())
        {
            if (schema.Member(name) is { } property)
            {
                Complete(member, property);
            }
        }
    }

    private void Visit(JsonNode? value, Schema schema, string path)
    {
        if (value is null)
        {
            return;
        }

        if (!Fits(value, schema))
        {
            Undecodable.Add(path);
            Causes.Add(new ApiCause(
                "FieldValueTypeInvalid", $"Invalid value: \"{Kind(value)}\": {path} in body must be of type {schema.Type}: \"{Kind(value)}\"", path));
            return;
        }

        switch (value)
        {
            case JsonObject map:
                VisitMap(map, schema, path);
                break;
            case JsonArray list:
                VisitList(list, schema, path);
                break;
            default:
                VisitScalar((JsonValue)value, schema, path);
                break;
        }
    }

    private void VisitMap(JsonObject map, Schema schema, string path)
    {
        foreach (var missing in schema.Required.Where(name => map[name] is null))
        {
            Causes.Add(new ApiCause("FieldValueRequired", "Required value", Join(path, missing)));
        }

        if (schema.MinProperties > map.Count)
        {
            Causes.Add(new ApiCause("FieldValueInvalid", $"Invalid value: {map.Count}: {path} in body should have at least {schema.MinProperties} properties", path));
        }

        foreach (var (name, member) in map)
        {
            if (schema.Member(name) is { } property)
            {
                Visit(member, property, Join(path, name));
            }
            else
            {
                Unknown.Add(Join(path, name));
            }
        }
    }

    private void VisitList(JsonArray list, Schema schema, string path)
    {
        if (schema.MinItems > list.Count)
        {
            Causes.Add(new ApiCause("FieldValueInvalid", $"Invalid value: {list.Count}: {path} in body should have at least {schema.MinItems} items", path));
        }

        for (var i = 0; i < list.Count; i++)
        {
            Visit(list[i], schema.Items ?? Schema.Any, $"{path}[{i}]");
        }
    }

    private void VisitScalar(JsonValue value, Schema schema, string path)
    {
        if (value.TryGetValue<string>(out var text))
        {
            if (schema.Enum is { } allowed && !allowed.Contains(text))
            {
                Causes.Add(new ApiCause(
                    "FieldValueNotSupported", $"Unsupported value: \"{text}\": supported values: {string.Join(", ", allowed.Select(word => $"\"{word}\""))}", path));
            }

            if (schema.Pattern is { } pattern && !Regex.IsMatch(text, pattern, RegexOptions.None, PatternTimeout))
            {
                Causes.Add(new ApiCause("FieldValueInvalid", $"Invalid value: \"{text}\": {path} in body should match '{pattern}'", path));
            }

            if (text.Length < schema.MinLength || text.Length > schema.MaxLength)
            {
                var limit = text.Length < schema.MinLength ? $"at least {schema.MinLength}" : $"at most {schema.MaxLength}";
                Causes.Add(new ApiCause("FieldValueInvalid", $"Invalid value: \"{text}\": {path} in body should be {limit} chars long", path));
            }
        }
        else if (value.GetValueKind() == JsonValueKind.Number && schema.Minimum is { } minimum && value.GetValue<double>() < minimum)
        {
            Causes.Add(new ApiCause("FieldValueInvalid", $"Invalid value: {value.ToJsonString()}: {path} in body should be greater than or equal to {minimum}", path));
        }
    }

    private static bool Fits(JsonNode value, Schema schema) => (schema.IntOrString || schema.Quantity) switch
    {
        true => value is JsonValue scalar && scalar.GetValueKind() is JsonValueKind.String or JsonValueKind.Number,
        false => schema.Type switch
        {
            "object" => value is JsonObject,
            "array" => value is JsonArray,
            "string" => value.GetValueKind() == JsonValueKind.String,
            "boolean" => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            "number" => value.GetValueKind() == JsonValueKind.Number,
            "integer" => value.GetValueKind() == JsonValueKind.Number && long.TryParse(value.ToJsonString(), out _),
            _ => true,
        },
    };

    private static string Kind(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => "integer",
        var kind => kind.ToString().ToLowerInvariant(),
    };

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
