using System.Text;

namespace Ebb.Worker.Http;

/// <summary>What host storage keeps of what callers send: any text but NUL (PostgreSQL has none) and halves of surrogate pairs (UTF-8 has none).</summary>
internal static class StorableText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What is wrong with it, for people; null when it can be kept.</summary>
    public static string? Problem(string what, string text)
    {
        if (text.Contains('\0'))
        {
            return $"{what} holds a NUL character (in JSON \\u0000), which cannot be stored. Take it out.";
        }

        try
        {
            Strict.GetByteCount(text);
            return null;
        }
        catch (EncoderFallbackException)
        {
            return $"{what} holds half of a surrogate pair, which is no character. Correct what writes it.";
        }
    }
}
