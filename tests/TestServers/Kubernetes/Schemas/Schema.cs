using System.Text.Json.Nodes;

namespace Ebb.TestServers.Kubernetes.Schemas;

/// <summary>
/// What a value may be, and how it is merged: the part of OpenAPI v3 that structural schemas use
/// (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema,
/// https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy).
/// </summary>
public sealed class Schema
{
    public static Schema Any { get; } = new() { PreserveUnknown = true };

    /// <summary><c>object</c>, <c>array</c>, <c>string</c>, <c>integer</c>, <c>number</c>, <c>boolean</c>; null: anything.</summary>
    public string? Type { get; init; }

    public Dictionary<string, Schema> Properties { get; init; } = [];

    public Schema? Additional { get; init; }

    public Schema? Items { get; init; }

    public bool PreserveUnknown { get; init; }

    public bool IntOrString { get; init; }

    /// <summary>A quantity: a string, or a number that is read as one.</summary>
    public bool Quantity { get; init; }

    public bool Nullable { get; init; }

    /// <summary>Set and replaced as a whole: a map or struct marked so, a list without keys.</summary>
    public bool Atomic { get; init; }

    public bool IsSet { get; init; }

    /// <summary>The fields that tell a list's items apart; empty for atomic lists and sets.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    public HashSet<string> Required { get; init; } = [];

    public IReadOnlyList<string>? Enum { get; init; }

    public string? Pattern { get; init; }

    public int? MinLength { get; init; }

    public int? MaxLength { get; init; }

    public double? Minimum { get; init; }

    public int? MinItems { get; init; }

    public int? MinProperties { get; init; }

    public string? Format { get; init; }

    public JsonNode? Default { get; init; }

    /// <summary>What a member may be; null when there is no such member.</summary>
    public Schema? Member(string name) => Properties.GetValueOrDefault(name) ?? Additional ?? (PreserveUnknown ? Any : null);
}
