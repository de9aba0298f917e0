namespace Ebb.Http;

/// <summary>The mark that editors on Windows put before UTF-8 text (RFC 3629, section 6). It belongs to no text, and parsers of bytes refuse it or take it for a letter.</summary>
public static class ByteOrderMark
{
    private static ReadOnlySpan<byte> Mark => "\uFEFF"u8;

    /// <summary>The text behind the mark; all of it where there is none.</summary>
    public static ReadOnlyMemory<byte> Skip(ReadOnlyMemory<byte> utf8) => utf8.Span.StartsWith(Mark) ? utf8[Mark.Length..] : utf8;

    /// <summary>The text behind the mark; all of it where there is none.</summary>
    public static ReadOnlySpan<byte> Skip(ReadOnlySpan<byte> utf8) => utf8.StartsWith(Mark) ? utf8[Mark.Length..] : utf8;
}
