namespace Ebb.Scaler.Metadata;

/// <summary>A text of somebody else's in a message of ours.</summary>
internal static class Shown
{
    private const int MaxLength = 100;

    public static string Of(string text)
    {
        var shown = string.Concat(text.Take(MaxLength).Select(character => char.IsControl(character) ? '?' : character));
        return text.Length > MaxLength ? shown + "…" : shown;
    }
}
