using System.Text;
using Ebb.Kubernetes;
using k8s.Models;

namespace Ebb.SecretBump.Rollouts;

/// <summary>An ExternalSecret that brings an application's secret into the cluster (External Secrets Operator v1, ExternalSecretSpec).</summary>
internal sealed class SyncedSecret
{
    private readonly KubernetesObject _source;

    private SyncedSecret(KubernetesObject source, IReadOnlyList<string>? tagKeys)
    {
        _source = source;
        TagKeys = tagKeys;
        Target = source.Spec.Child("target").Text("name") ?? source.Name();
    }

    /// <summary>The ExternalSecret.</summary>
    public ObjectReference Reference => ResourceTypes.ExternalSecrets.Named(_source.Namespace(), _source.Name());

    /// <summary>The Kubernetes Secret that it fills.</summary>
    public string Target { get; }

    /// <summary>
    /// Under which of the Secret's keys the tag is and nothing else; null where that cannot be known, for templates, rewritten keys and
    /// secrets that are found: then the ExternalSecret's own word decides.
    /// </summary>
    public IReadOnlyList<string>? TagKeys { get; }

    /// <summary>Whether what it fills is a Secret, which is what workloads use.</summary>
    public bool FillsSecret => _source.Spec.Child("target").Child("manifest") is null;

    /// <summary>The ClusterExternalSecret that made it and would take annotations away again. Whoever makes an ExternalSecret can claim one.</summary>
    public V1OwnerReference? Maker => _source.GetController() is { } owner && owner.Kind == ResourceTypes.ClusterExternalSecrets.Kind ? owner : null;

    /// <summary>The ExternalSecret, when it reads one of the keys or may; else null.</summary>
    public static SyncedSecret? Of(KubernetesObject source, IReadOnlySet<string> remoteKeys, string tagKey)
    {
        var shape = new SecretShape(source.Spec, remoteKeys, tagKey);
        return shape.Reads ? new SyncedSecret(source, shape.TagKeys) : null;
    }

    /// <summary>Whether the Kubernetes Secret holds the tag where it must be; null where that cannot be known.</summary>
    public bool? Holds(V1Secret? secret, string tag) => TagKeys?.All(key => TextOf(secret).GetValueOrDefault(key) == tag);

    /// <summary>Whether the tag is anywhere in the Kubernetes Secret, on its own or in another text.</summary>
    public static bool Mentions(V1Secret? secret, string tag) => TextOf(secret).Values.Any(text => HasWhole(text, tag));

    /// <summary>The data of a Secret as text, by key.</summary>
    public static Dictionary<string, string> TextOf(V1Secret? secret) =>
        secret?.Data?.ToDictionary(entry => entry.Key, entry => Encoding.UTF8.GetString(entry.Value)) ?? [];

    // 1.4.0-rc1 holds 1.4.0 no more than 21.4.0 does.
    private static bool HasWhole(string text, string tag)
    {
        for (var at = text.IndexOf(tag, StringComparison.Ordinal); at >= 0; at = text.IndexOf(tag, at + 1, StringComparison.Ordinal))
        {
            var end = at + tag.Length;
            if ((at == 0 || !IsOfATag(text[at - 1])) && (end == text.Length || !IsOfATag(text[end])))
            {
                return true;
            }
        }

        return false;
    }

    // OCI distribution-spec v1.1.1, Pulling manifests: what a tag consists of.
    private static bool IsOfATag(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-';
}
