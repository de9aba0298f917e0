using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Ebb.TestServers.Kubernetes.Controllers;

/// <summary>
/// The Secret that External Secrets makes (v2.9, externalsecret_controller.go, mutationFunc, applyOwnership and isSecretValid;
/// externalsecret_controller_template.go, ApplyTemplate). Of templates only <c>{{ .key }}</c> is done, of YAML only lines of
/// <c>key: value</c>.
/// </summary>
internal static class TargetSecret
{
    private const string ManagedLabel = "reconcile.external-secrets.io/managed";
    private const string DataHash = "reconcile.external-secrets.io/data-hash";

    public static string NameOf(JsonObject external) => external.Child("spec").Child("target").Text("name") ?? external.Name();

    public static bool IsManaged(JsonObject secret) => secret.Label(ManagedLabel) == "true";

    public static bool IsValid(JsonObject? secret) => secret is not null && IsManaged(secret) && secret.Annotation(DataHash) == HashOf(secret);

    /// <exception cref="SyncFailure">It belongs to another ExternalSecret.</exception>
    public static JsonObject Of(JsonObject external, JsonObject? existing, IReadOnlyDictionary<string, string> data, Func<string, JsonObject?> configMap)
    {
        var target = external.Child("spec").Child("target");
        var secret = existing?.Copy() ?? new JsonObject { ["metadata"] = new JsonObject { ["name"] = NameOf(external), ["namespace"] = external.Namespace() }, ["type"] = "Opaque" };
        if (secret.Child("metadata").Objects("ownerReferences").FirstOrDefault(owner => owner.Flag("controller")) is { } owner
            && owner.Text("kind") == "ExternalSecret" && owner.Text("name") != external.Name())
        {
            throw new SyncFailure("target is owned by another ExternalSecret");
        }

        if (target.Flag("immutable"))
        {
            secret["immutable"] = true;
        }

        // An immutable one that is there gets nothing, and the sync succeeds.
        if (existing is null || !target.Flag("immutable"))
        {
            secret["data"] = Filled(target, secret.Child("data"), data, configMap);
            Describe(secret, target.Child("template") is { } template ? template.Child("metadata") : external.Child("metadata"));
        }

        if (target.Text("creationPolicy") is null or "Owner")
        {
            secret.Metadata()["ownerReferences"] = Owned(external);
        }

        Describe(secret, new JsonObject { ["labels"] = new JsonObject { [ManagedLabel] = "true" }, ["annotations"] = new JsonObject { [DataHash] = HashOf(secret) } });
        return secret;
    }

    public static JsonArray Owned(JsonObject owner) => [new JsonObject
    {
        ["apiVersion"] = owner.Text("apiVersion"),
        ["kind"] = owner.Text("kind"),
        ["name"] = owner.Name(),
        ["uid"] = owner.Uid(),
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    }];

    // In the order of ApplyTemplate: what is there, what was read, templateFrom, data.
    private static JsonObject Filled(JsonObject? target, JsonObject? there, IReadOnlyDictionary<string, string> data, Func<string, JsonObject?> configMap)
    {
        var template = target.Child("template");
        var templates = template.Child("data") ?? [];
        var from = template.Objects("templateFrom").ToList();
        var content = target.Text("creationPolicy") is "Merge" or "CreateOrMerge" ? there?.Copy() ?? [] : [];
        var isReplaced = (templates.Count > 0 || from.Count > 0) && template.Text("mergePolicy") != "Merge";
        var texts = (isReplaced ? [] : data.AsEnumerable())
            .Concat(from.SelectMany(source => Texts(source, configMap)).Select(text => KeyValuePair.Create(text.Key, Rendered(text.Value, data))).SelectMany(text => text.Key.Length > 0 ? [text] : Lines(text.Value)))
            .Concat(templates.Select(text => KeyValuePair.Create(text.Key, Rendered($"{text.Value}", data))));
        foreach (var (key, text) in texts)
        {
            content[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        }

        return content;
    }

    // A text without a key is rendered and read as keys and values.
    private static IEnumerable<KeyValuePair<string, string>> Texts(JsonObject source, Func<string, JsonObject?> configMap)
    {
        if (source.Text("literal") is { } literal)
        {
            return [KeyValuePair.Create("", literal)];
        }

        var map = source.Child("configMap");
        var data = configMap(map.Text("name")!).Child("data") ?? throw new SyncFailure("could not update secret");
        return map.Objects("items").Select(item => KeyValuePair.Create(item.Text("templateAs") == "KeysAndValues" ? "" : item.Text("key")!, data.Text(item.Text("key")!)!));
    }

    private static IEnumerable<KeyValuePair<string, string>> Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries)).Select(line => KeyValuePair.Create(line[0], line[1].Trim('"')));

    private static string Rendered(string template, IReadOnlyDictionary<string, string> data) =>
        data.Aggregate(template, (text, value) => text.Replace($"{{{{ .{value.Key} }}}}", value.Value, StringComparison.Ordinal));

    private static void Describe(JsonObject secret, JsonObject? metadata)
    {
        foreach (var part in new[] { "labels", "annotations" })
        {
            var described = secret.Metadata().Child(part) ?? [];
            foreach (var (key, value) in metadata.Child(part) ?? [])
            {
                described[key] = value?.DeepClone();
            }

            secret.Metadata()[part] = described;
        }
    }

    private static string HashOf(JsonObject secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join(';', (secret.Child("data") ?? []).OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key}={entry.Value}")))))[..56];
}
