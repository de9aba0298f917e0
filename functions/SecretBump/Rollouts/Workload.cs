using System.Security.Cryptography;
using System.Text;
using Ebb.Kubernetes;
using k8s.Models;

namespace Ebb.SecretBump.Rollouts;

/// <summary>A Deployment, StatefulSet or DaemonSet, and which Secrets its pods use.</summary>
internal sealed class Workload(ResourceType type, KubernetesObject source)
{
    private readonly V1PodTemplateSpec _template = source.As(RolloutModels.Default.V1PodTemplateSpec, "spec", "template");

    /// <summary>The object as it was read.</summary>
    public KubernetesObject Source => source;

    /// <summary>What it is called.</summary>
    public ObjectReference Reference => type.Named(source.Namespace(), source.Name());

    /// <summary><c>Deployment/web</c>.</summary>
    public string Key => $"{type.Kind}/{source.Name()}";

    /// <summary>Another value for another pod template; of the JSON, for a model leaves out what it does not know.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source.Spec.Child("template")?.ToJsonString() ?? "")));

    /// <summary>Which of its pods are its own: labels joined by commas.</summary>
    public string PodSelector => string.Join(',', (source.Spec.Child("selector").Child("matchLabels") ?? []).Select(label => $"{label.Key}={label.Value.Text()}"));

    /// <summary>Its annotations.</summary>
    public IReadOnlyDictionary<string, string> Annotations => All(source);

    /// <summary>The annotations of its pod template.</summary>
    public IReadOnlyDictionary<string, string> TemplateAnnotations => All(_template);

    /// <summary>The value of a variable of its containers; null when none has it.</summary>
    public string? Variable(string name) => Containers.SelectMany(container => container.Env ?? []).FirstOrDefault(variable => variable.Name == name)?.Value;

    /// <summary>Whether its pods use a Secret: in variables, files or projected files (Kubernetes API v1.32, PodSpec).</summary>
    public bool Uses(string secret) =>
        Containers.Any(container => Variables(container).Contains(secret)) || Volumes.Any(volume => Files(volume).Contains(secret));

    /// <summary>Whether a container uses a Secret: in variables, or in the first volume with it, where that is mounted.</summary>
    public bool IsInContainers(string secret)
    {
        var volume = Volumes.FirstOrDefault(volume => Files(volume).Contains(secret))?.Name;
        return Containers.Any(container => Variables(container).Contains(secret)
            || (volume is not null && (container.VolumeMounts ?? []).Any(mount => mount.Name == volume)));
    }

    private IEnumerable<V1Container> Containers => [.. _template.Spec?.InitContainers ?? [], .. _template.Spec?.Containers ?? []];

    private IEnumerable<V1Volume> Volumes => _template.Spec?.Volumes ?? [];

    private static Dictionary<string, string> All(IMetadata<V1ObjectMeta> item) => item.Annotations()?.ToDictionary() ?? [];

    private static IEnumerable<string?> Variables(V1Container container) =>
        (container.EnvFrom ?? []).Select(source => source.SecretRef?.Name).Concat((container.Env ?? []).Select(variable => variable.ValueFrom?.SecretKeyRef?.Name));

    private static IEnumerable<string?> Files(V1Volume volume) =>
        (volume.Projected?.Sources ?? []).Select(source => source.Secret?.Name).Append(volume.Secret?.SecretName);
}
