using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ebb.TestServers.Kubernetes.Controllers;

/// <summary>
/// What External Secrets reads from the store for an ExternalSecret (v2.9, externalsecret_controller_secret.go, GetProviderSecretData):
/// <c>dataFrom</c> in its order, then <c>data</c>; what comes later replaces what came before it.
/// </summary>
internal sealed class ProvidedData(Func<string, IReadOnlyDictionary<string, string>?> read, Func<IEnumerable<string>> list)
{
    private const string Problem = "could not get secret data from provider";

    /// <summary>How often the store was read.</summary>
    public int Reads { get; private set; }

    /// <exception cref="SyncFailure">Something is not there.</exception>
    public IReadOnlyDictionary<string, string> Of(JsonObject? spec)
    {
        var data = new Dictionary<string, string>();
        foreach (var from in spec.Objects("dataFrom"))
        {
            foreach (var (key, value) in Rewritten(from, from.Child("find") is { } find ? Find(find) : Read(from.Child("extract").Text("key"))))
            {
                data[key] = value;
            }
        }

        foreach (var item in spec.Objects("data"))
        {
            var reference = item.Child("remoteRef");
            var values = Read(reference.Text("key"));
            data[item.Text("secretKey")!] = reference.Text("property") is not { } property ? JsonSerializer.Serialize(values)
                : values.TryGetValue(property, out var value) ? value : throw new SyncFailure(Problem);
        }

        return data;
    }

    private IReadOnlyDictionary<string, string> Read(string? key)
    {
        Reads++;
        return read(key ?? "") ?? throw new SyncFailure(Problem);
    }

    // providers/v1/vault/client_get_all_secrets.go: whole paths are matched, and each is one value, its secret as JSON.
    private Dictionary<string, string> Find(JsonObject find)
    {
        var folder = find.Text("path") is { } path ? path + "/" : "";
        var name = find.Child("name").Text("regexp") ?? "";
        return list().Where(at => at.StartsWith(folder, StringComparison.Ordinal) && Regex.IsMatch(at, name)).ToDictionary(at => at, at => JsonSerializer.Serialize(Read(at)));
    }

    // runtime/esutils, RewriteMap and ConvertKeys: without a rewrite what no key may have becomes an underscore.
    private static IEnumerable<KeyValuePair<string, string>> Rewritten(JsonObject from, IReadOnlyDictionary<string, string> values)
    {
        var steps = from.Objects("rewrite").ToList();
        return values.Select(value => KeyValuePair.Create(steps.Count == 0 ? Regex.Replace(value.Key, "[^-._a-zA-Z0-9]", "_") : steps.Aggregate(value.Key, Rewritten), value.Value));
    }

    private static string Rewritten(string key, JsonObject step) => step.Child("regexp") is { } regexp
        ? Regex.Replace(key, regexp.Text("source")!, regexp.Text("target")!)
        : step.Child("transform").Text("template") is { } template ? template.Replace("{{ .value }}", key, StringComparison.Ordinal)
        : throw new InvalidOperationException($"The stand-in knows no rewrite {step.ToJsonString()}.");
}
