using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ebb.TestServers.Vault;

/// <summary>
/// The key-value engine, version 2 (https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2; what the pages leave open is as in
/// OpenBao's builtin/logical/kv). Unknown members of a body are refused, where the server only warns.
/// </summary>
public sealed class VaultKeyValueEngine(TimeProvider time)
{
    private const int Removed = 204;
    private readonly Dictionary<string, VaultSecretState> _secrets = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Off: as a server before 1.9, which answers PATCH with 405.</summary>
    public bool KnowsPatch { get; set; } = true;

    /// <summary>Off: PATCH of metadata alone is answered with 405, as by a proxy that lets through what it knows, or a policy engine before the server.</summary>
    public bool KnowsMetadataPatch { get; set; } = true;

    /// <summary>OpenBao's <c>metadata_cas_required</c> of the engine (2.4 and newer; internal/builtin/logical/kv/path_metadata.go).</summary>
    public bool MetadataCasRequired { get; set; }

    /// <summary>Off: as HashiCorp's Vault, which counts no versions of metadata.</summary>
    public bool CountsMetadata { get; set; } = true;

    /// <summary>The engine's <c>cas_required</c>.</summary>
    public bool CasRequired { get; set; }

    /// <summary>The engine's <c>max_versions</c>; 0: ten.</summary>
    public int MaxVersions { get; set; }

    /// <summary>Called after each version that a request wrote, with its path and outside of locks: a competing writer writes here.</summary>
    public Action<string>? Written { get; set; }

    /// <summary>Called before each request that writes data, with its path and outside of locks.</summary>
    public Action<string>? Writing { get; set; }

    /// <summary>Writes a version past all checks, as another client would; returns its number.</summary>
    public int Put(string path, string json)
    {
        lock (_gate)
        {
            var secret = Ensure(path);
            secret.Add(JsonNode.Parse(json)!.AsObject(), MaxVersions);
            return secret.CurrentVersion;
        }
    }

    public int Put(string path, params (string Key, string Value)[] values) =>
        Put(path, new JsonObject(values.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))).ToJsonString());

    /// <summary>A version's data as it is stored; null when there is none to read. 0: the newest.</summary>
    public JsonObject? Data(string path, int version = 0)
    {
        lock (_gate)
        {
            return _secrets.TryGetValue(path, out var secret) && (version == 0 ? secret.CurrentVersion : version) is var number && secret.IsReadable(number)
                ? secret.Find(number)!.Data!.DeepClone().AsObject()
                : null;
        }
    }

    /// <summary>Removes a secret with all its versions.</summary>
    public void Remove(string path)
    {
        lock (_gate)
        {
            _secrets.Remove(path);
        }
    }

    public int CurrentVersion(string path)
    {
        lock (_gate)
        {
            return _secrets.TryGetValue(path, out var secret) ? secret.CurrentVersion : 0;
        }
    }

    public IReadOnlyDictionary<string, string> Custom(string path)
    {
        lock (_gate)
        {
            return _secrets.TryGetValue(path, out var secret) && secret.Custom is { } custom ? new Dictionary<string, string>(custom) : [];
        }
    }

    public void Delete(string path, int version = 0) => Change(path, version, (secret, number) => secret.Delete(number));

    public void Destroy(string path, int version = 0) => Change(path, version, (secret, number) => secret.Destroy(number));

    /// <summary>The operation of a request in the policies' terms (ExistenceCheck: a write where nothing is needs <c>create</c>).</summary>
    internal string Capability(string method, string path)
    {
        lock (_gate)
        {
            return method switch
            {
                "GET" => "read",
                "LIST" => "list",
                "DELETE" => "delete",
                "PATCH" => "patch",
                _ when path.Split('/', 2) is ["data" or "metadata", var key] && !_secrets.ContainsKey(key) => "create",
                _ => "update",
            };
        }
    }

    internal VaultAnswer Answer(string method, string path, string? version, string? contentType, VaultBody body)
    {
        var (area, key) = path.Split('/', 2) is [var first, var rest] ? (first, rest) : (path, "");
        if (method is "PATCH" && Unpatchable(area, contentType) is { } refused)
        {
            return refused;
        }

        if (area == "data" && method is not "GET")
        {
            Writing?.Invoke(key);
        }

        VaultAnswer answer;
        int before, after;
        lock (_gate)
        {
            before = _secrets.GetValueOrDefault(key)?.CurrentVersion ?? 0;
            answer = Route(method, area, key, version, body);
            after = _secrets.GetValueOrDefault(key)?.CurrentVersion ?? 0;
        }

        if (after > before)
        {
            Written?.Invoke(key);
        }

        return answer;
    }

    private static VaultAnswer Done => new(Removed, null);

    private VaultAnswer? Unpatchable(string area, string? contentType) => !KnowsPatch || (area == "metadata" && !KnowsMetadataPatch)
        ? VaultAnswer.Error(405)
        : contentType != "application/merge-patch+json"
            ? VaultAnswer.Error(415, $"PATCH requires Content-Type of application/merge-patch+json, provided {contentType}")
            : null;

    private VaultAnswer Route(string method, string area, string key, string? version, VaultBody body) => (method, area) switch
    {
        ("LIST", "metadata") => List(key),
        (_, "data" or "metadata" or "delete" or "undelete" or "destroy") when key.Length == 0 => VaultAnswer.Error(400, "missing path"),
        ("GET", "data") => Read(key, version),
        ("POST" or "PUT", "data") => Write(key, body, patch: false),
        ("PATCH", "data") => Write(key, body, patch: true),
        ("DELETE", "data") => Versions(key, secret => [secret.CurrentVersion], (secret, number) => secret.Delete(number)),
        ("POST" or "PUT", "delete") => Versions(key, body, "No version number provided", (secret, number) => secret.Delete(number)),
        ("POST" or "PUT", "undelete") => Versions(key, body, "No version number provided", (secret, number) => secret.Undelete(number)),
        ("POST" or "PUT", "destroy") => Versions(key, body, "no version number provided", (secret, number) => secret.Destroy(number)),
        ("GET", "metadata") => _secrets.TryGetValue(key, out var secret) ? VaultAnswer.Data(secret.Describe(CountsMetadata)) : VaultAnswer.NotFound,
        ("POST" or "PUT", "metadata") => VaultMetadataRequest.Parse(body, patch: false).Apply(MetadataCasRequired, _secrets.GetValueOrDefault(key), () => Ensure(key)),
        ("PATCH", "metadata") => VaultMetadataRequest.Parse(body, patch: true).Apply(MetadataCasRequired, _secrets.GetValueOrDefault(key), static () => null),
        ("DELETE", "metadata") => DestroyAll(key),
        (_, "data" or "metadata" or "delete" or "undelete" or "destroy" or "config") => VaultAnswer.MethodNotAllowed,
        _ => VaultAnswer.Error(404, "1 error occurred:\n\t* unsupported path\n\n"),
    };

    private VaultAnswer Read(string key, string? version)
    {
        if (version is not null && !int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            return VaultAnswer.Error(400, $"Field validation failed: error converting input for field \"version\": cannot parse '' as int: strconv.ParseInt: parsing \"{version}\": invalid syntax");
        }

        if (!_secrets.TryGetValue(key, out var secret))
        {
            return VaultAnswer.NotFound;
        }

        var number = int.Parse(version ?? "0", CultureInfo.InvariantCulture) is > 0 and var asked ? asked : secret.CurrentVersion;
        return secret.Find(number) is { } found
            ? VaultAnswer.Data(new JsonObject { ["data"] = secret.IsReadable(number) ? GoJson.Read(found.Data) : null, ["metadata"] = secret.Describe(number) })
                with
            { Status = secret.IsReadable(number) ? 200 : 404 }
            : VaultAnswer.NotFound;
    }

    private VaultAnswer Write(string key, VaultBody body, bool patch)
    {
        if (body.Content.Select(member => member.Key).FirstOrDefault(name => name is not ("data" or "options" or "version")) is { } unknown)
        {
            return VaultAnswer.Error(400, $"unknown member {unknown}");
        }

        if (body.Content["data"] is not JsonObject data)
        {
            return VaultAnswer.Error(400, body.Content["data"] is null ? "no data provided" : "error converting input for field \"data\": '' expected a map");
        }

        var secret = _secrets.GetValueOrDefault(key);
        if (patch && secret is null)
        {
            return new VaultAnswer(404, null);
        }

        if (CasProblem(body, secret) is { } problem)
        {
            return VaultAnswer.Error(400, problem);
        }

        if (patch && !secret!.IsReadable(secret.CurrentVersion))
        {
            return secret.Find(secret.CurrentVersion) is null ? new VaultAnswer(404, null) : VaultAnswer.Data(secret.Describe(secret.CurrentVersion)) with { Status = 404 };
        }

        secret ??= Ensure(key);
        secret.Add(patch ? MergePatch.Apply(GoJson.Read(secret.Find(secret.CurrentVersion)!.Data)!.AsObject(), data) : data.DeepClone().AsObject(), MaxVersions);
        return VaultAnswer.Data(secret.Describe(secret.CurrentVersion));
    }

    // validateCheckAndSetOption
    private string? CasProblem(VaultBody body, VaultSecretState? secret)
    {
        if (body.Content["options"]?["cas"] is not { } cas)
        {
            return CasRequired || secret is { CasRequired: true } ? "check-and-set parameter required for this call" : null;
        }

        var text = cas.GetValueKind() == JsonValueKind.String ? cas.GetValue<string>() : cas.ToJsonString();
        return !int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? "error parsing check-and-set parameter"
            : number != (secret?.CurrentVersion ?? 0) ? "check-and-set parameter did not match the current version" : null;
    }

    private VaultAnswer Versions(string key, VaultBody body, string missing, Action<VaultSecretState, int> change)
    {
        var numbers = (body.Content["versions"] as JsonArray)?.Select(number => int.Parse(number!.ToString(), CultureInfo.InvariantCulture)).ToList() ?? [];
        return numbers.Count == 0 ? VaultAnswer.Error(400, missing) : Versions(key, _ => numbers, change);
    }

    private VaultAnswer Versions(string key, Func<VaultSecretState, IEnumerable<int>> numbers, Action<VaultSecretState, int> change)
    {
        if (_secrets.TryGetValue(key, out var secret))
        {
            foreach (var number in numbers(secret))
            {
                change(secret, number);
            }
        }

        return Done;
    }

    private VaultAnswer DestroyAll(string key)
    {
        _secrets.Remove(key);
        return Done;
    }

    private VaultAnswer List(string folder)
    {
        var names = _secrets.Keys
            .Where(key => key.StartsWith(folder, StringComparison.Ordinal) && key.Length > folder.Length)
            .Select(key => key[folder.Length..])
            .Select(rest => rest.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? rest[..(slash + 1)] : rest)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Select(name => (JsonNode?)name)
            .ToArray();
        return names.Length == 0 ? VaultAnswer.NotFound : VaultAnswer.Data(new JsonObject { ["keys"] = new JsonArray(names) });
    }

    private VaultSecretState Ensure(string key)
    {
        if (!_secrets.TryGetValue(key, out var secret))
        {
            _secrets[key] = secret = new VaultSecretState(time);
        }

        return secret;
    }

    private void Change(string path, int version, Action<VaultSecretState, int> change)
    {
        lock (_gate)
        {
            change(_secrets[path], version == 0 ? _secrets[path].CurrentVersion : version);
        }
    }
}
