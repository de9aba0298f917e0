using System.Text.Json.Nodes;
using Ebb.Kubernetes;

namespace Ebb.SecretBump.Rollouts;

/// <summary>An ExternalSecret that brings an application's secret into the cluster (External Secrets Operator v1, ExternalSecretSpec).</summary>
internal sealed class SyncedSecret
{
    private readonly KubernetesObject _source;

    private SyncedSecret(KubernetesObject source, IReadOnlyList<string> tagKeys)
    {
        _source = source;
        TagKeys = tagKeys;
        Target = source.Spec.Child("target").Text("name") ?? source.Metadata.Name;
    }

    /// <summary>The ExternalSecret.</summary>
    public ObjectReference Reference => ResourceTypes.ExternalSecrets.Named(_source.Metadata.Namespace!, _source.Metadata.Name);

    /// <summary>The Kubernetes Secret that it fills.</summary>
    public string Target { get; }

    /// <summary>Under which of the Secret's keys the tag is; none: the tag is not among what is brought.</summary>
    public IReadOnlyList<string> TagKeys { get; }

    /// <summary>The ClusterExternalSecret that made it and would take annotations away again.</summary>
    public string? Maker => _source.Metadata.Owners.FirstOrDefault(owner => owner.Kind == ResourceTypes.ClusterExternalSecrets.Kind)?.Name;

    /// <summary>Why it never looks again by itself or when asked; null when it does.</summary>
    public string? NeverRefreshes
    {
        get
        {
            var policy = _source.Spec.Text("refreshPolicy") ?? "Periodic";
            var interval = _source.Spec.Text("refreshInterval");
            return policy switch
            {
                "CreatedOnce" => "its refreshPolicy is CreatedOnce",
                "Periodic" when interval is not null && interval.All(c => c == '0' || char.IsAsciiLetter(c)) => $"its refreshInterval is {interval}",
                _ => null,
            };
        }
    }

    /// <summary>The ExternalSecret, when it reads one of the keys; else null.</summary>
    public static SyncedSecret? Of(KubernetesObject source, IReadOnlySet<string> remoteKeys, string tagKey)
    {
        var data = source.Spec.Items("data").OfType<JsonObject>().Where(item => IsOurs(item.Child("remoteRef"), remoteKeys)).ToList();
        var extracts = source.Spec.Items("dataFrom").OfType<JsonObject>().Any(item => IsOurs(item.Child("extract"), remoteKeys));
        if (data.Count == 0 && !extracts)
        {
            return null;
        }

        var keys = data.Where(item => item.Child("remoteRef").Text("property") == tagKey).Select(item => item.Text("secretKey")).OfType<string>();
        return new SyncedSecret(source, [.. extracts ? keys.Append(tagKey) : keys]);
    }

    /// <summary>Whether the Kubernetes Secret may hold the tag; once it was synced, it does.</summary>
    public bool MayBeHeldBy(KubernetesObject? secret, string tag) => Holds(secret, tag, static (text, part) => text.Contains(part, StringComparison.Ordinal));

    /// <summary>Whether the Kubernetes Secret holds the tag for certain: <c>1.4.0-rc1</c> holds <c>1.4.0</c> no more than <c>v1.4.0</c> does.</summary>
    public bool IsHeldBy(KubernetesObject? secret, string tag) => Holds(secret, tag, HasWhole);

    private bool Holds(KubernetesObject? secret, string tag, Func<string, string, bool> isIn)
    {
        var data = secret?.Json.Child("data");
        if (data is null)
        {
            return false;
        }

        // A template may put the tag anywhere.
        return _source.Spec.Child("target").Child("template").Child("data") is not null
            ? data.Any(entry => Decoded(entry.Value) is { } text && isIn(text, tag))
            : TagKeys.All(key => Decoded(data[key]) == tag);
    }

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

    private static bool IsOurs(JsonObject? reference, IReadOnlySet<string> remoteKeys) => reference.Text("key") is { } key && remoteKeys.Contains(key.Trim('/'));

    private static string? Decoded(JsonNode? value)
    {
        var bytes = new byte[(value.Text()?.Length ?? 0) + 1];
        return value.Text() is { } text && Convert.TryFromBase64String(text, bytes, out var length) ? System.Text.Encoding.UTF8.GetString(bytes, 0, length) : null;
    }
}
