namespace Ebb.PrPreview.Keeping;

/// <summary>Keys that were left out, as one bounded text: a branch may hold very many and very long ones.</summary>
internal static class LeftOutKeys
{
    private const int MaxKeys = 50;
    private const int MaxLength = 100;

    public static string? Text(IReadOnlyList<string> keys) => keys.Count == 0 ? null : string.Join('\n', keys.Take(MaxKeys).Select(Line));

    public static IReadOnlyList<string> List(string? text) => text?.Split('\n') ?? [];

    private static string Line(string key) => (key.Length > MaxLength ? key[..MaxLength] : key).ReplaceLineEndings(" ");
}
