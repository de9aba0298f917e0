using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Ebb.Kubernetes;

/// <summary>What every object has (Kubernetes API v1.32, ObjectMeta v1 meta). Read once; writing is done in the object's JSON.</summary>
public sealed record ObjectMeta
{
    /// <summary>The name.</summary>
    public string Name { get; init; } = "";

    /// <summary>The namespace; null for types without.</summary>
    public string? Namespace { get; init; }

    /// <summary>Tells this object from an earlier or later one of the same name. Empty when the server did not say.</summary>
    public string Uid { get; init; } = "";

    /// <summary>Changes with every write; opaque, compared for equality only. Empty when the server did not say.</summary>
    public string ResourceVersion { get; init; } = "";

    /// <summary>Counts the changes of the desired state; 0 for types that do not.</summary>
    public long Generation { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it was asked to go; null for one that stays.</summary>
    public DateTimeOffset? Deleted { get; init; }

    /// <summary>Who must still clean up before a deleted object is gone.</summary>
    public IReadOnlyList<string> Finalizers { get; init; } = [];

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Annotations.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Owners.</summary>
    public IReadOnlyList<OwnerReference> Owners { get; init; } = [];

    internal static ObjectMeta Of(JsonObject? metadata) => metadata is null ? new ObjectMeta() : new ObjectMeta
    {
        Name = metadata.Text("name") ?? "",
        Namespace = metadata.Text("namespace"),
        Uid = metadata.Text("uid") ?? "",
        ResourceVersion = metadata.Text("resourceVersion") ?? "",
        Generation = metadata.Number("generation") ?? 0,
        Created = Time(metadata, "creationTimestamp"),
        Deleted = Time(metadata, "deletionTimestamp"),
        Finalizers = [.. metadata.Items("finalizers").Select(JsonReading.Text).OfType<string>()],
        Labels = Map(metadata, "labels"),
        Annotations = Map(metadata, "annotations"),
        Owners = [.. metadata.Items("ownerReferences").OfType<JsonObject>().Select(Owner)],
    };

    private static OwnerReference Owner(JsonObject owner) => new(
        owner.Text("apiVersion") ?? "", owner.Text("kind") ?? "", owner.Text("name") ?? "", owner.Text("uid") ?? "", owner.Flag("controller"));

    private static DateTimeOffset? Time(JsonObject metadata, string name) =>
        DateTimeOffset.TryParse(metadata.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static ImmutableDictionary<string, string> Map(JsonObject metadata, string name) =>
        metadata.Child(name) is { } map
            ? map.Where(entry => entry.Value.Text() is not null).ToImmutableDictionary(entry => entry.Key, entry => entry.Value.Text()!)
            : ImmutableDictionary<string, string>.Empty;
}
