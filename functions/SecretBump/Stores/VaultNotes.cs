using System.Globalization;
using System.Text;
using System.Text.Json;
using Ebb.Vault.KeyValue;

namespace Ebb.SecretBump.Stores;

/// <summary>
/// Notes of versions in custom metadata, which Vault keeps of a secret and not of a version: <c>ebb.7</c> is the note of version 7. Only the
/// newest are kept, so that other people's keys have room.
/// </summary>
internal static class VaultNotes
{
    private const string Prefix = "ebb.";
    private const int MaxNotes = 40;
    private const int MaxFieldLength = 80;

    public static VersionNote? Of(int version, IReadOnlyDictionary<string, string> custom)
    {
        if (!custom.TryGetValue(Key(version), out var text))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(text, StoresJson.Default.VersionNote);
        }
        catch (JsonException)
        {
            // Somebody else's; the version is as good without.
            return null;
        }
    }

    /// <summary>The note of a version that was written, and the removal of those that are too many.</summary>
    public static Dictionary<string, string?> Changes(int version, VersionNote note, IReadOnlyDictionary<string, string>? custom)
    {
        var noted = (custom ?? new Dictionary<string, string>()).Keys.Select(Version).OfType<int>().OrderDescending().ToList();
        var others = (custom?.Count ?? 0) - noted.Count;
        var room = Math.Clamp(KeyValueMetadataChange.MaxCustomKeys - others - 1, 0, MaxNotes - 1);
        var changes = noted.Skip(room).ToDictionary(Key, _ => (string?)null);
        changes[Key(version)] = Text(note);
        return changes;
    }

    public static Dictionary<string, string?> Merge(IReadOnlyDictionary<string, string> custom, IReadOnlyDictionary<string, string?> changes)
    {
        var merged = custom.ToDictionary(pair => pair.Key, pair => (string?)pair.Value);
        foreach (var (key, value) in changes)
        {
            merged[key] = value;
        }

        return merged.Where(pair => pair.Value is not null).ToDictionary();
    }

    private static string Key(int version) => Prefix + version.ToString(CultureInfo.InvariantCulture);

    private static int? Version(string key) =>
        key.StartsWith(Prefix, StringComparison.Ordinal) && int.TryParse(key.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;

    // Within 512 bytes: what is cut is told in full by the run.
    private static string Text(VersionNote note)
    {
        var text = JsonSerializer.Serialize(note.Cut(MaxFieldLength), StoresJson.Default.VersionNote);
        return Encoding.UTF8.GetByteCount(text) <= KeyValueMetadataChange.MaxCustomValueBytes
            ? text
            : JsonSerializer.Serialize(new VersionNote { Tag = note.Cut(MaxFieldLength).Tag, Run = note.Cut(MaxFieldLength).Run }, StoresJson.Default.VersionNote);
    }
}
