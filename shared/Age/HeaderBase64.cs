namespace Ebb.Age;

/// <summary>Base64 as headers have it: no padding, and only the one way to write given bytes (RFC 4648, sections 3.2 and 3.5).</summary>
internal static class HeaderBase64
{
    public static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    /// <summary>Null when it is not base64 or not the canonical one.</summary>
    public static byte[]? TryDecode(ReadOnlySpan<char> text)
    {
        Span<char> padded = new char[(text.Length + 3) / 4 * 4];
        text.CopyTo(padded);
        padded[text.Length..].Fill('=');
        var bytes = new byte[padded.Length / 4 * 3];

        // The decoder skips blanks and takes stray bits; what encodes to the same text had neither.
        return Convert.TryFromBase64Chars(padded, bytes, out var count) && text.SequenceEqual(Encode(bytes.AsSpan(0, count)))
            ? bytes[..count]
            : null;
    }
}
