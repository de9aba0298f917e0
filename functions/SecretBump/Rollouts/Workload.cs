using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ebb.Kubernetes;
using k8s.Models;

namespace Ebb.SecretBump.Rollouts;

/// <summary>A Deployment, StatefulSet or DaemonSet, and which Secrets its pods use.</summary>
internal sealed class Workload(ResourceType type, KubernetesObject source)
{
    /// <summary>The object as it was read.</summary>
    public KubernetesObject Source => source;

    /// <summary>What it is called.</summary>
    public ObjectReference Reference => type.Named(source.Namespace(), source.Name());

    /// <summary><c>Deployment/web</c>.</summary>
    public string Key => $"{type.Kind}/{source.Name()}";

    /// <summary>Another value for another pod template.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Template?.ToJsonString() ?? "")));

    /// <summary>Which of its pods are its own: labels joined by commas.</summary>
    public string PodSelector => string.Join(',', (source.Spec.Child("selector").Child("matchLabels") ?? []).Select(label => $"{label.Key}={label.Value.Text()}"));

    private JsonObject? Template => source.Spec.Child("template");

    private JsonObject? PodSpec => Template.Child("spec");

    /// <summary>Its annotations.</summary>
    public IReadOnlyDictionary<string, string> Annotations => source.Annotations()?.ToDictionary() ?? [];

    /// <summary>The annotations of its pod template.</summary>
    public IReadOnlyDictionary<string, string> TemplateAnnotations => (Template.Child("metadata").Child("annotations") ?? [])
        .Where(annotation => annotation.Value.Text() is not null).ToDictionary(annotation => annotation.Key, annotation => annotation.Value.Text()!);

    /// <summary>The value of a variable of its containers; null when none has it.</summary>
    public string? Variable(string name) =>
        Containers.SelectMany(container => container.Items("env")).OfType<JsonObject>().FirstOrDefault(variable => variable.Text("name") == name).Text("value");

    /// <summary>Whether its pods use a Secret: in variables, files or projected files (Kubernetes API v1.32, PodSpec).</summary>
    public bool Uses(string secret) =>
        Containers.Any(container => Variables(container).Contains(secret)) || PodSpec.Items("volumes").OfType<JsonObject>().Any(volume => Files(volume).Contains(secret));

    /// <summary>Whether a container uses a Secret: in variables, or in the first volume with it, where that is mounted.</summary>
    public bool IsInContainers(string secret)
    {
        var volume = PodSpec.Items("volumes").OfType<JsonObject>().FirstOrDefault(volume => Files(volume).Contains(secret)).Text("name");
        return Containers.Any(container => Variables(container).Contains(secret)
            || (volume is not null && container.Items("volumeMounts").OfType<JsonObject>().Any(mount => mount.Text("name") == volume)));
    }

    private IEnumerable<JsonObject> Containers => PodSpec.Items("initContainers").Concat(PodSpec.Items("containers")).OfType<JsonObject>();

    private static IEnumerable<string?> Variables(JsonObject container) =>
        container.Items("envFrom").OfType<JsonObject>().Select(source => source.Child("secretRef").Text("name"))
            .Concat(container.Items("env").OfType<JsonObject>().Select(variable => variable.Child("valueFrom").Child("secretKeyRef").Text("name")));

    private static IEnumerable<string?> Files(JsonObject volume) =>
        volume.Child("projected").Items("sources").OfType<JsonObject>().Select(source => source.Child("secret").Text("name"))
            .Append(volume.Child("secret").Text("secretName"));
}
