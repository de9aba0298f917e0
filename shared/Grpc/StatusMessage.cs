using System.Globalization;
using System.Text;

namespace Ebb.Grpc;

/// <summary>The percent-encoding of <c>grpc-message</c> (PROTOCOL-HTTP2, Responses, Status-Message): UTF-8, printable ASCII but for %.</summary>
internal static class StatusMessage
{
    // Headers are limited; a longer explanation helps nobody.
    private const int MaxLength = 4096;

    public static string Encode(string message)
    {
        var text = message.Length > MaxLength ? message[..MaxLength] + "…" : message;
        if (text.All(IsPlain))
        {
            return text;
        }

        var encoded = new StringBuilder(text.Length + 16);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            _ = IsPlain((char)octet) ? encoded.Append((char)octet) : encoded.Append('%').Append(octet.ToString("X2", CultureInfo.InvariantCulture));
        }

        return encoded.ToString();
    }

    /// <summary>Decodes; what is no valid escape is kept as it is, as the specification asks.</summary>
    public static string Decode(string encoded)
    {
        if (!encoded.Contains('%'))
        {
            return encoded;
        }

        var octets = new List<byte>(encoded.Length);
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] == '%' && i + 2 < encoded.Length
                && byte.TryParse(encoded.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
            {
                octets.Add(octet);
                i += 2;
            }
            else
            {
                octets.AddRange(Encoding.UTF8.GetBytes(encoded, i, 1));
            }
        }

        return Encoding.UTF8.GetString([.. octets]);
    }

    private static bool IsPlain(char character) => character is >= ' ' and <= '~' and not '%';
}
