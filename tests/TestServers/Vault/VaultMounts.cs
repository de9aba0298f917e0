using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Ebb.TestServers.Vault;

/// <summary>What is mounted where (https://developer.hashicorp.com/vault/api-docs/system/mounts and …/internal-ui-mounts).</summary>
public sealed class VaultMounts(TimeProvider time)
{
    private const string Ui = "sys/internal/ui/mounts/";
    private readonly ConcurrentDictionary<string, VaultKeyValueEngine> _engines = new(StringComparer.Ordinal);

    /// <summary>The engine at a mount; mounted at the first use.</summary>
    public VaultKeyValueEngine KeyValue(string mount) => _engines.GetOrAdd(mount, _ => new VaultKeyValueEngine(time));

    internal (VaultKeyValueEngine Engine, string Path)? Find(string path) => _engines
        .Where(engine => path.StartsWith(engine.Key + "/", StringComparison.Ordinal))
        .Select(engine => ((VaultKeyValueEngine, string)?)(engine.Value, path[(engine.Key.Length + 1)..]))
        .FirstOrDefault();

    /// <summary>Answers what the mounts are; which a token may see follows from what it may do there.</summary>
    internal VaultAnswer? TryAnswer(string method, string path, VaultServerToken token)
    {
        if (method != "GET" || !path.StartsWith(Ui, StringComparison.Ordinal))
        {
            return null;
        }

        var mount = path[Ui.Length..].TrimEnd('/');
        return (_engines.ContainsKey(mount) || mount == "transit") && token.AllowsSomethingBelow(mount + "/")
            ? VaultAnswer.Data(mount == "transit" ? Describe("transit", mount, null) : Describe("kv", mount, "2"))
            : VaultAnswer.Error(403, $"preflight capability check returned 403, please ensure client's policies grant access to path \"{mount}/\"");
    }

    private static JsonObject Describe(string type, string mount, string? version) => new()
    {
        ["path"] = mount + "/",
        ["type"] = type,
        ["options"] = version is null ? null : new JsonObject { ["version"] = version },
    };
}
