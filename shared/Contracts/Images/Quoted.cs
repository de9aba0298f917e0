namespace Ebb.Contracts.Images;

/// <summary>Shows input in messages: short, and without characters that could disturb a terminal or log.</summary>
internal static class Quoted
{
    private const int MaxLength = 80;

    public static string Show(string? text) => $"'{Clip(text)}'";

    public static string Clip(string? text)
    {
        var clipped = text is { Length: > MaxLength } ? text[..MaxLength] + "…" : text ?? "";
        return string.Create(clipped.Length, clipped, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) ? '?' : source[i];
            }
        });
    }
}
