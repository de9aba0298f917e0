using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ebb.TestServers.Vault;

/// <summary>A write or patch of a secret's metadata (builtin/logical/kv/path_metadata.go).</summary>
internal sealed record VaultMetadataRequest(VaultBody Body, bool Patch, string? Problem)
{
    private const string Failed = "custom_metadata validation failed";

    public static VaultMetadataRequest Parse(VaultBody body, bool patch)
    {
        var problems = body.Content.Where(member => member.Key is not ("custom_metadata" or "max_versions" or "cas_required" or "metadata_cas"))
            .Select(member => $"unknown member {member.Key}")
            .Concat(Problems(body.Content["custom_metadata"]))
            .ToList();
        return new VaultMetadataRequest(body, patch, problems.Count == 0 ? null : Counted(problems));
    }

    public VaultAnswer Apply(bool casRequired, VaultSecretState? current, Func<VaultSecretState?> create)
    {
        if (Problem is not null)
        {
            return VaultAnswer.Error(400, Problem);
        }

        if (current is null && Patch)
        {
            return new VaultAnswer(404, null);
        }

        if (CasProblem(casRequired, current) is { } problem)
        {
            return VaultAnswer.Error(400, problem);
        }

        var secret = current ?? create()!;
        secret.MetadataVersion++;
        secret.MaxVersions = (int?)Body.Content["max_versions"] ?? secret.MaxVersions;
        secret.CasRequired = (bool?)Body.Content["cas_required"] ?? secret.CasRequired;
        if (Body.Content["custom_metadata"] is JsonObject custom)
        {
            secret.Custom = Patch && secret.Custom is { } old ? old : new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var (key, value) in custom)
            {
                if (value is null)
                {
                    secret.Custom.Remove(key);
                }
                else
                {
                    secret.Custom[key] = value.ToString();
                }
            }
        }

        return new VaultAnswer(204, null);
    }

    private string? CasProblem(bool required, VaultSecretState? current) => (int?)Body.Content["metadata_cas"] switch
    {
        null => required ? "metadata check-and-set parameter required for this call" : null,
        { } cas when current is null => cas == 0 ? null : "metadata_cas must be 0 when creating new metadata",
        { } cas => cas == current.MetadataVersion ? null : "metadata check-and-set parameter does not match the current version",
    };

    private static IEnumerable<string> Problems(JsonNode? custom)
    {
        if (custom is null)
        {
            return [];
        }

        return custom is not JsonObject members ? [$"{Failed}: expected a map"]
            : members.Count > 64 ? [$"{Failed}: payload must contain at most 64 keys, provided {members.Count}"]
            : members.SelectMany(member => Problems(member.Key, member.Value));
    }

    private static IEnumerable<string> Problems(string key, JsonNode? value)
    {
        if (Encoding.UTF8.GetByteCount(key) is < 1 or > 128)
        {
            yield return $"{Failed}: length of key \"{key}\" is {key.Length} but must be 0 < len(key) <= 128";
        }

        if (value is not null && value.GetValueKind() is JsonValueKind.Object or JsonValueKind.Array)
        {
            yield return $"{Failed}: '' expected type 'string', got unconvertible type";
        }
        else if (value is not null && Encoding.UTF8.GetByteCount(value.ToString()) is 0 or > 512)
        {
            yield return $"{Failed}: length of value for key \"{key}\" is {value.ToString().Length} but must be 0 < len(value) <= 512";
        }
    }

    // go-multierror's text.
    private static string Counted(List<string> problems) =>
        $"{problems.Count} error{(problems.Count == 1 ? "" : "s")} occurred:\n{string.Concat(problems.Select(problem => $"\t* {problem}\n"))}\n";
}
