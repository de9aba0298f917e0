using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using k8s.Models;

namespace Ebb.Kubernetes;

/// <summary>An object as the server holds it: typed where every object is alike, JSON where it is not, or a model of KubernetesClient.</summary>
public sealed class KubernetesObject : IMetadata<V1ObjectMeta>
{
    /// <summary>Wraps an object.</summary>
    /// <exception cref="KubernetesException">Its metadata is none (<see cref="KubernetesFault.Protocol"/>).</exception>
    public KubernetesObject(JsonObject json)
    {
        ArgumentNullException.ThrowIfNull(json);
        Json = json;
        var metadata = json.Child("metadata");
        Metadata = KubernetesModels.Read(metadata, KubernetesModels.Default.V1ObjectMeta, $"The metadata of {Kind} {metadata.Text("name")}");
    }

    /// <summary>The whole object.</summary>
    public JsonObject Json { get; }

    /// <summary>Group and version; empty when the object does not say.</summary>
    public string ApiVersion => Json.Text("apiVersion") ?? "";

    /// <summary>The kind; empty when the object does not say.</summary>
    public string Kind => Json.Text("kind") ?? "";

    /// <summary>What every object has, read once: what is changed here does not change <see cref="Json"/>.</summary>
    public V1ObjectMeta Metadata { get; set; }

    /// <summary>The desired state; null for types without.</summary>
    public JsonObject? Spec => Json.Child("spec");

    /// <summary>The observed state; null when nobody wrote it yet.</summary>
    public JsonObject? Status => Json.Child("status");

    /// <summary>
    /// The object as a model, such as <c>secret.As(KubernetesModels.Default.V1Secret)</c>, or as a class of your own by its own context.
    /// Fields that the model does not have are left out.
    /// </summary>
    /// <exception cref="KubernetesException">It is no such object (<see cref="KubernetesFault.Protocol"/>); the message names the field.</exception>
    public T As<T>(JsonTypeInfo<T> model)
        where T : class, new() => KubernetesModels.Read(Json, model, ToString());

    /// <summary>A condition of the status, such as <c>Ready</c>; null when there is none of that type.</summary>
    public Condition? Condition(string type) =>
        Status.Items("conditions").OfType<JsonObject>().Select(Kubernetes.Condition.Of).FirstOrDefault(condition => condition.Type == type);

    /// <summary>Kind, name and namespace; never the content.</summary>
    public override string ToString() => this.Namespace() is { } at ? $"{Kind} {this.Name()} in {at}" : $"{Kind} {this.Name()}";
}
