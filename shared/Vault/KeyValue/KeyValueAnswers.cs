using System.Globalization;
using System.Text.Json;

namespace Ebb.Vault.KeyValue;

/// <summary>Makes types of answers.</summary>
internal static class KeyValueAnswers
{
    private static readonly Dictionary<string, string> None = [];

    public static KeyValueSecret? ToSecret(this ReadData answer) => answer.Metadata?.ToVersion() is { } version
        ? new KeyValueSecret(version, answer.Data.ValueKind == JsonValueKind.Object ? KeyValueData.Of(answer.Data) : null, answer.Metadata.CustomMetadata ?? None)
        : null;

    /// <summary>The deleted version that a 404 tells of; null when it tells of none.</summary>
    public static KeyValueSecret? DeletedVersion(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body.Span, KeyValueJson.Default.ReadAnswer)?.Data?.ToSecret();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static KeyValueVersion? ToVersion(this VersionData answer) =>
        answer.Version > 0 ? answer.ToVersion(answer.Version) : null;

    public static KeyValueMetadata? ToMetadata(this MetadataData answer) => new()
    {
        CurrentVersion = answer.CurrentVersion,
        MetadataVersion = answer.CurrentMetadataVersion,
        OldestVersion = answer.OldestVersion,
        MaxVersions = answer.MaxVersions,
        CheckAndSetRequired = answer.CasRequired,
        CustomMetadata = answer.CustomMetadata ?? None,
        Versions = [.. Versions(answer).OrderBy(version => version.Number)],
    };

    private static IEnumerable<KeyValueVersion> Versions(MetadataData answer)
    {
        foreach (var (number, version) in answer.Versions ?? [])
        {
            if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed))
            {
                yield return version.ToVersion(parsed);
            }
        }
    }

    // A time that was never set is an empty text.
    private static KeyValueVersion ToVersion(this VersionData answer, int number) =>
        new(number, Time(answer.CreatedTime) ?? DateTimeOffset.MinValue, Time(answer.DeletionTime), answer.Destroyed);

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
