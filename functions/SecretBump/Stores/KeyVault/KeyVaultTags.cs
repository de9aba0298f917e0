using System.Text.Json;
using Azure.Security.KeyVault.Secrets;

namespace Ebb.SecretBump.Stores.KeyVault;

/// <summary>A version's tags: those of others are carried over, <c>ebb</c> is its note and <c>ebb-write</c> tells our own writes from others'.</summary>
internal static class KeyVaultTags
{
    public const string Write = "ebb-write";
    private const string Note = "ebb";
    private const int MaxTags = 15;
    private const int MaxValueLength = 256;
    private const int MaxFieldLength = 40;

    public static VersionNote? NoteOf(IDictionary<string, string> tags)
    {
        try
        {
            return tags.TryGetValue(Note, out var text) ? JsonSerializer.Deserialize(text, StoresJson.Default.VersionNote) : null;
        }
        catch (JsonException)
        {
            // Somebody else's; the version is as good without.
            return null;
        }
    }

    /// <summary>Puts tags on what is to be written. Where others took all fifteen, the note gives way first.</summary>
    public static void Put(SecretProperties properties, IReadOnlyDictionary<string, string>? others, VersionNote note, string write)
    {
        foreach (var (key, value) in (others ?? new Dictionary<string, string>()).Where(tag => tag.Key is not (Note or Write)).Take(MaxTags - 1))
        {
            properties.Tags[key] = value;
        }

        properties.Tags[Write] = write;
        var text = JsonSerializer.Serialize(note.Cut(MaxFieldLength), StoresJson.Default.VersionNote);
        if (properties.Tags.Count < MaxTags && text.Length <= MaxValueLength)
        {
            properties.Tags[Note] = text;
        }
    }
}
