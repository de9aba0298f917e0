using System.Text.Json.Nodes;

namespace Ebb.Kubernetes;

/// <summary>An object as the server holds it: typed where every object is alike, JSON where it is not.</summary>
public sealed class KubernetesObject
{
    private readonly Lazy<ObjectMeta> _metadata;

    /// <summary>Wraps an object. Its metadata is read at first use; change <see cref="Json"/> before that or not at all.</summary>
    public KubernetesObject(JsonObject json)
    {
        ArgumentNullException.ThrowIfNull(json);
        Json = json;
        _metadata = new Lazy<ObjectMeta>(() => ObjectMeta.Of(json.Child("metadata")));
    }

    /// <summary>The whole object.</summary>
    public JsonObject Json { get; }

    /// <summary>Group and version; empty when the object does not say.</summary>
    public string ApiVersion => Json.Text("apiVersion") ?? "";

    /// <summary>The kind; empty when the object does not say.</summary>
    public string Kind => Json.Text("kind") ?? "";

    /// <summary>What every object has.</summary>
    public ObjectMeta Metadata => _metadata.Value;

    /// <summary>The desired state; null for types without.</summary>
    public JsonObject? Spec => Json.Child("spec");

    /// <summary>The observed state; null when nobody wrote it yet.</summary>
    public JsonObject? Status => Json.Child("status");

    /// <summary>A condition of the status, such as <c>Ready</c>; null when there is none of that type.</summary>
    public Condition? Condition(string type) =>
        Status.Items("conditions").OfType<JsonObject>().Select(Kubernetes.Condition.Of).FirstOrDefault(condition => condition.Type == type);

    /// <summary>Kind, name and namespace; never the content.</summary>
    public override string ToString() => Metadata.Namespace is { } at ? $"{Kind} {Metadata.Name} in {at}" : $"{Kind} {Metadata.Name}";
}
