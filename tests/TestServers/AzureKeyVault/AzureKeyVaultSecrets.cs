using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.AzureKeyVault;

/// <summary>
/// A vault's secrets: versions, tags, disabled versions, soft delete, pages of 25 (https://learn.microsoft.com/rest/api/keyvault/secrets and
/// https://learn.microsoft.com/azure/key-vault/secrets/about-secrets). Times are whole seconds.
/// </summary>
public sealed class AzureKeyVaultSecrets(Uri vault, TimeProvider time)
{
    private const int PageSize = 25;
    private readonly Dictionary<string, List<Version>> _secrets = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _deleted = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _gate = new();

    /// <summary>What the identity may do: <c>get</c>, <c>list</c>, <c>set</c>.</summary>
    public HashSet<string> Permissions { get; } = ["get", "list", "set"];

    /// <summary>Called before each set, with the secret's name and outside of locks: a competing writer writes here.</summary>
    public Action<string>? Setting { get; set; }

    /// <summary>Called after each set, with the secret's name and outside of locks.</summary>
    public Action<string>? Set { get; set; }

    /// <summary>Writes a version past all checks, as another client would; returns its id.</summary>
    public string Put(string name, string value, params (string Key, string Value)[] tags)
    {
        lock (_gate)
        {
            return Add(name, value, null, tags.ToDictionary(tag => tag.Key, tag => tag.Value)).Id;
        }
    }

    public void Disable(string name)
    {
        lock (_gate)
        {
            _secrets[name][^1].Enabled = false;
        }
    }

    public void Delete(string name)
    {
        lock (_gate)
        {
            _deleted.Add(name);
        }
    }

    public IReadOnlyList<(string Value, string? ContentType, IReadOnlyDictionary<string, string> Tags)> Versions(string name)
    {
        lock (_gate)
        {
            return [.. _secrets[name].Select(version => (version.Value, version.ContentType, (IReadOnlyDictionary<string, string>)version.Tags))];
        }
    }

    internal static (int Status, JsonNode? Body) Error(int status, string code, string message, string? inner = null) => (status, new JsonObject
    {
        ["error"] = new JsonObject { ["code"] = code, ["message"] = message, ["innererror"] = inner is null ? null : new JsonObject { ["code"] = inner } },
    });

    internal async Task<(int Status, JsonNode? Body)> AnswerAsync(HttpRequest request)
    {
        if (request.Query["api-version"].Count == 0)
        {
            return Error(400, "BadParameter", "api-version must be specified");
        }

        var segments = request.Path.Value!.Trim('/').Split('/');
        if (request.Method != "PUT" || segments is not ["secrets", var name])
        {
            lock (_gate)
            {
                return Read(request, segments);
            }
        }

        using var reader = new StreamReader(request.Body);
        var body = JsonNode.Parse(await reader.ReadToEndAsync()) as JsonObject;
        Setting?.Invoke(name);
        (int Status, JsonNode? Body) answer;
        lock (_gate)
        {
            answer = Write(name, body);
        }

        if (answer.Status == 200)
        {
            Set?.Invoke(name);
        }

        return answer;
    }

    private (int Status, JsonNode? Body) Read(HttpRequest request, string[] segments) => (request.Method, segments) switch
    {
        ("GET", ["secrets"]) => May("list") ?? Page(request, [.. _secrets.Where(pair => !_deleted.Contains(pair.Key)).Select(pair => Describe(pair.Key, pair.Value[^1], withVersion: false))]),
        ("GET", ["secrets", var name, "versions"]) => May("list") ?? Page(request, Found(name) is { } versions ? [.. versions.Select(version => Describe(name, version, withVersion: true))] : []),
        ("GET", ["secrets", var name]) => May("get") ?? Get(name, null),
        ("GET", ["secrets", var name, var version]) => May("get") ?? Get(name, version),
        _ => Error(405, "MethodNotAllowed", "The method is not allowed."),
    };

    private (int Status, JsonNode? Body) Write(string name, JsonObject? body)
    {
        if (May("set") is { } denied)
        {
            return denied;
        }

        if (name.Length is 0 or > 127 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-'))
        {
            return Error(400, "BadParameter", $"The request URI contains an invalid name: {name}");
        }

        if (_deleted.Contains(name))
        {
            return Error(409, "Conflict", $"Secret {name} is currently in a deleted but recoverable state, and its name cannot be reused.", "ObjectIsDeletedButRecoverable");
        }

        if ((string?)body?["value"] is not { } value || Encoding.UTF8.GetByteCount(value) > 25_600)
        {
            return Error(400, "BadParameter", "The specified secret value is missing or too large.");
        }

        var tags = (body["tags"] as JsonObject)?.ToDictionary(tag => tag.Key, tag => (string)tag.Value!) ?? [];
        return tags.Count > 15 || tags.Any(tag => tag.Key.Length > 512 || tag.Value.Length > 256)
            ? Error(400, "BadParameter", "The tags are more or longer than is allowed.")
            : (200, Describe(name, Add(name, value, (string?)body["contentType"], tags), withVersion: true, withValue: true));
    }

    private Version Add(string name, string value, string? contentType, Dictionary<string, string> tags)
    {
        if (!_secrets.TryGetValue(name, out var versions))
        {
            _secrets[name] = versions = [];
        }

        var version = new Version(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), value, contentType, tags, time.GetUtcNow());
        versions.Add(version);
        return version;
    }

    private (int Status, JsonNode? Body) Get(string name, string? id)
    {
        var found = Found(name) is { } versions ? id is null ? versions[^1] : versions.Find(version => version.Id == id) : null;
        return found switch
        {
            null => Error(404, "SecretNotFound", $"A secret with (name/id) {name} was not found in this key vault."),
            { Enabled: false } => Error(403, "Forbidden", "Operation get is not allowed on a disabled secret.", "SecretDisabled"),
            _ => (200, Describe(name, found, withVersion: true, withValue: true)),
        };
    }

    private List<Version>? Found(string name) => _deleted.Contains(name) ? null : _secrets.GetValueOrDefault(name);

    private (int Status, JsonNode? Body)? May(string permission) =>
        Permissions.Contains(permission) ? null : Error(403, "Forbidden", "Caller is not authorized to perform action on resource.", "ForbiddenByRbac");

    private (int Status, JsonNode? Body) Page(HttpRequest request, IReadOnlyList<JsonObject> items)
    {
        var skip = int.TryParse(request.Query["$skiptoken"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var next = skip + PageSize < items.Count ? $"{vault}{request.Path.Value!.TrimStart('/')}?api-version={request.Query["api-version"]}&$skiptoken={skip + PageSize}" : null;
        return (200, new JsonObject { ["value"] = new JsonArray([.. items.Skip(skip).Take(PageSize)]), ["nextLink"] = next });
    }

    private JsonObject Describe(string name, Version version, bool withVersion, bool withValue = false)
    {
        var described = new JsonObject
        {
            ["id"] = $"{vault}secrets/{name}{(withVersion ? "/" + version.Id : "")}",
            ["attributes"] = new JsonObject
            {
                ["enabled"] = version.Enabled,
                ["created"] = version.Created.ToUnixTimeSeconds(),
                ["updated"] = version.Created.ToUnixTimeSeconds(),
                ["recoveryLevel"] = "Recoverable+Purgeable",
                ["recoverableDays"] = 90,
            },
            ["tags"] = new JsonObject(version.Tags.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value))),
            ["contentType"] = version.ContentType,
        };
        if (withValue)
        {
            described["value"] = version.Value;
        }

        return described;
    }

    private sealed class Version(string id, string value, string? contentType, Dictionary<string, string> tags, DateTimeOffset created)
    {
        public string Id => id;

        public string Value => value;

        public string? ContentType => contentType;

        public Dictionary<string, string> Tags => tags;

        public DateTimeOffset Created => created;

        public bool Enabled { get; set; } = true;
    }
}
