using System.Text;

namespace Ebb.Storage.Postgres;

/// <summary>PostgreSQL stores every character but NUL, and no halves of surrogate pairs.</summary>
internal static class StoredText
{
    /// <summary>What a function says of its own end must not be lost to one character: it is replaced.</summary>
    public static string? Clean(string? text)
    {
        if (text is null || (!text.Contains('\0') && !text.Any(char.IsSurrogate)))
            return text;
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');
    }

    /// <summary>What a caller sends is stored as it is or refused.</summary>
    public static void Check(string? text, string what)
    {
        if (text is not null && text.Contains('\0'))
            throw new ArgumentException($"{what} holds a NUL character, which PostgreSQL cannot store. In JSON it is written as \\u0000 within a string.", nameof(text));
    }
}
