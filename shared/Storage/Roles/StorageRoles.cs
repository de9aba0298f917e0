using System.Text.Json;
using System.Text.Json.Serialization;
using Ebb.Storage.Rules;

namespace Ebb.Storage.Roles;

/// <summary>The roles of an installation, as <c>storage migrate --roles</c> reads them.</summary>
public static class StorageRoles
{
    private const int MaxNameLength = 63;

    /// <summary>The file's text.</summary>
    public static string ToJson(IReadOnlyList<StorageRole> roles) => JsonSerializer.Serialize(roles, StorageRolesJson.Default.IReadOnlyListStorageRole) + "\n";

    /// <summary>Reads the file's text.</summary>
    /// <exception cref="HostStorageException">It is no list of roles, or something in it is wrong; the message lists all of it.</exception>
    public static IReadOnlyList<StorageRole> Parse(string json)
    {
        try
        {
            var roles = JsonSerializer.Deserialize(json, StorageRolesJson.Default.IReadOnlyListStorageRole) ?? [];
            return Problems(roles).ToList() is { Count: > 0 } problems ? throw new HostStorageException(string.Join('\n', problems)) : roles;
        }
        catch (JsonException e)
        {
            throw new HostStorageException($"The list of roles cannot be read: {e.Message} `ebb manifests` writes it (storage/roles.json).", e);
        }
    }

    /// <summary>What is wrong with the roles, such as a queue that two of them take from; empty when nothing is.</summary>
    public static IEnumerable<string> Problems(IReadOnlyList<StorageRole> roles)
    {
        ArgumentNullException.ThrowIfNull(roles);
        return roles.SelectMany(OfOne)
            .Concat(Twice("role", roles.Select(role => (role.Name, role.Name)), (one, other) => one == other))
            .Concat(Twice("queue", Each(roles, role => role.Takes), (one, other) => one == other))
            .Concat(Twice("timer", Each(roles, role => role.Timers), (one, other) => one == other))
            .Concat(Twice("function", Each(roles, role => role.Functions), (one, other) => one == other))
            .Concat(Twice("document prefix", Each(roles, role => role.Writes), (one, other) => one.StartsWith(other, StringComparison.Ordinal)));
    }

    private static IEnumerable<(string Role, string What)> Each(IReadOnlyList<StorageRole> roles, Func<StorageRole, IReadOnlyList<string>> what) =>
        roles.SelectMany(role => what(role).Select(one => (role.Name, one)));

    // What two own, each could forge for the other.
    private static IEnumerable<string> Twice(string kind, IEnumerable<(string Role, string What)> all, Func<string, string, bool> overlaps)
    {
        var list = all.ToList();
        return list.SelectMany((one, i) => list.Where((other, j) => i != j && overlaps(one.What, other.What) && (one.What != other.What || i < j))
            .Select(other => $"The {kind} {one.What} of {one.Role} is also {other.Role}'s ({other.What}); give it to one of them."));
    }

    private static IEnumerable<string> OfOne(StorageRole role)
    {
        if (role.Name.Length is 0 or > MaxNameLength || !role.Name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_') || char.IsAsciiDigit(role.Name[0]))
            yield return $"'{role.Name}' is no role here; it must be 1 to {MaxNameLength} lower-case letters, digits and _, and begin with no digit.";
        if (role.Watches && role.Takes.Count > 0)
            yield return $"Role {role.Name} takes from queues and watches all of them; then it could read every message. Let it watch, or take.";
        foreach (var name in role.Functions.Concat(role.Timers).Where(name => name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')))
            yield return $"Role {role.Name} names '{name}', which is no function; letters, digits, _ and - are allowed.";
        foreach (var problem in role.Takes.Concat(role.Sends).Select(queue => Refused(StorageNames.CheckQueue, queue)).OfType<string>())
            yield return $"Role {role.Name}: {problem}";
        foreach (var problem in role.Writes.Concat(role.Reads).Select(prefix => Refused(StorageNames.CheckDocumentKey, prefix)).OfType<string>())
            yield return $"Role {role.Name}: {problem}";
    }

    private static string? Refused(Action<string> check, string text)
    {
        try
        {
            check(text);
            return null;
        }
        catch (ArgumentException e)
        {
            return e.Message;
        }
    }
}

/// <summary>JSON metadata of roles, generated at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<StorageRole>))]
internal sealed partial class StorageRolesJson : JsonSerializerContext;
