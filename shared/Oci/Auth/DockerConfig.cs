using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ebb.Http;

namespace Ebb.Oci.Auth;

/// <summary>
/// Docker's <c>config.json</c>: <c>auths</c>, <c>credHelpers</c> and <c>credsStore</c> (docker CLI, configuration files). Keys of <c>auths</c> may
/// have a path, as podman, skopeo and Kubernetes read them (containers-auth.json(5)): the longest prefix of the repository wins.
/// </summary>
internal sealed partial class DockerConfig(string? file, TimeProvider time)
{
    private const int MaxBytes = 1024 * 1024;
    private const string HubKey = "https://index.docker.io/v1/";

    public async Task<Credential?> FindAsync(string registry, string? repository, CancellationToken cancellationToken)
    {
        var path = file ?? DefaultPath();
        if (file is null && !File.Exists(path))
        {
            return null;
        }

        try
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                throw new IOException($"it is longer than {MaxBytes} bytes");
            }

            using var document = JsonDocument.Parse(ByteOrderMark.Skip((await File.ReadAllBytesAsync(path, cancellationToken)).AsMemory()));
            return await FindAsync(document.RootElement, registry, repository, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or FormatException or InvalidOperationException)
        {
            throw new RegistryException($"Docker's configuration '{path}' cannot be used for {registry}: {e.Message}", RegistryFault.Unauthorized, e)
            {
                Remedy = "Correct the file, or name another with DockerConfigFile.",
            };
        }
    }

    private async Task<Credential?> FindAsync(JsonElement root, string registry, string? repository, CancellationToken cancellationToken)
    {
        // Helpers know hosts alone, so what stands there for a path comes before them.
        if (Find(root, RepositoryPrefixes.Of(registry, repository).SkipLast(1)) is { } narrow)
        {
            return narrow;
        }

        var key = registry == ImageReference.DockerHub ? HubKey : registry;
        var helper = (root.TryGetProperty("credHelpers", out var helpers) ? Find(helpers, registry)?.GetString() : null)
            ?? (root.TryGetProperty("credsStore", out var store) ? store.GetString() : null);
        if (!string.IsNullOrEmpty(helper))
        {
            var found = await new CredentialHelper(helper, time).GetAsync(key, cancellationToken);
            if (found is not null)
            {
                return found;
            }
        }

        return Find(root, [registry]);
    }

    private static Credential? Find(JsonElement root, IEnumerable<string> names) => !root.TryGetProperty("auths", out var auths)
        ? null
        : names.Select(name => Find(auths, name) is { } entry ? Read(entry) : null).FirstOrDefault(found => found is not null);

    private static JsonElement? Find(JsonElement map, string registry)
    {
        foreach (var entry in map.EnumerateObject())
        {
            if (Normalize(entry.Name).Equals(registry, StringComparison.OrdinalIgnoreCase))
            {
                return entry.Value;
            }
        }

        return null;
    }

    private static string Normalize(string key)
    {
        var name = Decoration().Replace(key, "");
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return (slash < 0 ? name : name[..slash]) is "index.docker.io" or "registry-1.docker.io"
            ? $"{ImageReference.DockerHub}{(slash < 0 ? "" : name[slash..])}"
            : name;
    }

    private static Credential? Read(JsonElement entry)
    {
        var token = Text(entry, "identitytoken");
        if (Text(entry, "auth") is { } auth)
        {
            var parts = Encoding.UTF8.GetString(Convert.FromBase64String(auth)).TrimEnd('\0').Split(':', 2);
            return parts.Length == 2
                ? new Credential(parts[0], parts[1]) { IdentityToken = token }
                : throw new FormatException("an entry's auth is not the base64 of user:password");
        }

        return Text(entry, "username") is { } username
            ? new Credential(username, Text(entry, "password") ?? "") { IdentityToken = token }
            : token is null ? null : new Credential("", "") { IdentityToken = token };
    }

    private static string? Text(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var value) && value.GetString() is { Length: > 0 } text ? text : null;

    private static string DefaultPath() => Path.Combine(
        Environment.GetEnvironmentVariable("DOCKER_CONFIG") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker"),
        "config.json");

    [GeneratedRegex("^https?://|/(?:v[12]/?)?$", RegexOptions.NonBacktracking)]
    private static partial Regex Decoration();
}
