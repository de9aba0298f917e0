using System.Text.Json.Nodes;
using Ebb.Kubernetes;

namespace Ebb.SecretBump.Rollouts;

/// <summary>
/// What an ExternalSecret makes of an application's secret (External Secrets Operator 2.9, GetProviderSecretData and ApplyTemplate):
/// <c>dataFrom</c> in its order, then <c>data</c>, then the template, and what comes later replaces what came before it.
/// </summary>
internal sealed class SecretShape(JsonObject? spec, IReadOnlySet<string> remoteKeys, string tagKey)
{
    private readonly List<JsonObject> _data = [.. spec.Items("data").OfType<JsonObject>()];
    private readonly List<JsonObject> _dataFrom = [.. spec.Items("dataFrom").OfType<JsonObject>()];

    private JsonObject? Template => spec.Child("target").Child("template");

    /// <summary>Whether it reads the secret, or may: which secrets have the labels of a <c>find</c> is not known here.</summary>
    public bool Reads => _data.Exists(item => IsOurs(item.Child("remoteRef"))) || _dataFrom.Exists(item => IsOurs(item.Child("extract")) || MayFind(item.Child("find")));

    /// <summary>The keys that hold the tag and nothing else; null where that cannot be known.</summary>
    public IReadOnlyList<string>? TagKeys
    {
        get
        {
            var keys = _data.Where(IsTag).Select(item => item.Text("secretKey")).OfType<string>().Concat(IsExtracted ? [tagKey] : []).Where(IsKept).Distinct(StringComparer.Ordinal).ToList();
            return keys.Count > 0 ? keys : null;
        }
    }

    private bool IsExtracted
    {
        get
        {
            var last = _dataFrom.FindLastIndex(item => IsOurs(item.Child("extract")) && item.Items("rewrite").FirstOrDefault() is null && IsPlain(item.Child("extract")));
            return last >= 0 && last == _dataFrom.Count - 1 && tagKey.All(IsOfAKey);
        }
    }

    private bool IsKept(string key)
    {
        var isOthers = _data.Exists(item => item.Text("secretKey") == key && !IsTag(item));
        var isMade = spec.Child("target").Child("manifest") is not null || Template.Items("templateFrom").Any();
        return !isOthers && !isMade && (Template.Child("data") is not { Count: > 0 } templates || (Template.Text("mergePolicy") == "Merge" && !templates.ContainsKey(key)));
    }

    private bool IsTag(JsonObject item) => IsOurs(item.Child("remoteRef")) && item.Child("remoteRef").Text("property") == tagKey && IsPlain(item.Child("remoteRef"));

    private bool IsOurs(JsonObject? reference) => reference.Text("key") is { } key && remoteKeys.Contains(key.Trim('/'));

    // Vault's provider matches whole paths (providers/v1/vault/client_get_all_secrets.go).
    private bool MayFind(JsonObject? find)
    {
        var folder = find.Text("path")?.Trim('/') is { Length: > 0 } path ? path + "/" : "";
        return find is not null && remoteKeys.Any(key => key.StartsWith(folder, StringComparison.Ordinal)
            && (find.Child("name").Text("regexp") is not { } pattern || GoPattern.Finds(pattern, key) is not false));
    }

    private static bool IsPlain(JsonObject? reference) => reference.Text("decodingStrategy") is null or "None";

    // runtime/esutils, ConvertKeys: others are replaced.
    private static bool IsOfAKey(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_';
}
