using System.Text.Json.Nodes;

namespace Ebb.Kubernetes;

/// <summary>One request, as often as it must be sent.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">Path and query, escaped.</param>
/// <param name="Verb">The verb that a role must allow: <c>get</c>, <c>patch</c>.</param>
/// <param name="Type">The type it is about.</param>
internal sealed record KubernetesRequest(HttpMethod Method, string Path, string Verb, ResourceType Type)
{
    /// <summary>The namespace it is about; null: none, or all.</summary>
    public string? Namespace { get; init; }

    /// <summary>The object it is about; null: all of them.</summary>
    public string? Name { get; init; }

    /// <summary>The body.</summary>
    public JsonNode? Body { get; init; }

    /// <summary>The body's type.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>Whether a repetition is harmless.</summary>
    public bool Repeatable { get; init; } = true;

    /// <summary>The most bytes of the answer.</summary>
    public int MaxAnswerBytes { get; init; } = KubernetesTransport.MaxObjectBytes;

    /// <summary>Who applies or patches, in messages about ownership.</summary>
    public string FieldManager { get; init; } = "";

    /// <summary>What it is about, for people: <c>deployments.apps/web in shop</c>.</summary>
    public string Target => (Name is null ? Type.ToString() : $"{Type}/{Name}") + (Namespace is null ? "" : $" in {Namespace}");

    /// <summary>Without query and body, which may hold a secret.</summary>
    public override string ToString() => $"{Verb} {Target}";
}
