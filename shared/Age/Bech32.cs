using System.Security.Cryptography;

namespace Ebb.Age;

/// <summary>
/// Bech32 (BIP 173), without its limit of 90 characters, as age writes keys. Text is held in spans that their owners overwrite.
/// </summary>
internal static class Bech32
{
    private const string Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const int ChecksumLength = 6;

    private static readonly uint[] Generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

    /// <summary>Reads text that begins with the prefix, in the prefix's case; says why not otherwise, without showing the text.</summary>
    public static string? TryDecode(ReadOnlySpan<char> text, string prefix, Span<byte> destination)
    {
        var isLower = char.IsAsciiLetterLower(prefix[0]);
        if (isLower ? text.ContainsAnyInRange('A', 'Z') : text.ContainsAnyInRange('a', 'z'))
        {
            return $"keys of this kind are all {(isLower ? "lower" : "upper")} case";
        }

        if (text.Length <= prefix.Length || !text.StartsWith(prefix) || text[prefix.Length] != '1')
        {
            return $"it does not start with '{prefix}1'";
        }

        Span<byte> values = stackalloc byte[(destination.Length * 8 + 4) / 5 + ChecksumLength];
        try
        {
            return Read(text[(prefix.Length + 1)..], values)
                ?? (Polymod(prefix.ToLowerInvariant(), values) == 1 ? null : "its checksum is wrong: a character was changed or left out")
                ?? (TryRegroup(values[..^ChecksumLength], destination) ? null : "it ends in bits that are not zero");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(values);
        }
    }

    /// <summary>Writes in lower case.</summary>
    public static string Encode(string prefix, ReadOnlySpan<byte> data)
    {
        Span<byte> values = stackalloc byte[(data.Length * 8 + 4) / 5 + ChecksumLength];
        Spread(data, values);
        var checksum = Polymod(prefix, values) ^ 1;
        for (var i = 0; i < ChecksumLength; i++)
        {
            values[^(ChecksumLength - i)] = (byte)((checksum >> (5 * (5 - i))) & 31);
        }

        Span<char> text = stackalloc char[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            text[i] = Alphabet[values[i]];
        }

        var encoded = string.Concat(prefix, "1", text);
        CryptographicOperations.ZeroMemory(values);
        text.Clear();
        return encoded;
    }

    private static string? Read(ReadOnlySpan<char> text, Span<byte> values)
    {
        if (text.Length != values.Length)
        {
            return "it has the wrong length";
        }

        for (var i = 0; i < values.Length; i++)
        {
            var value = Alphabet.IndexOf(char.ToLowerInvariant(text[i]), StringComparison.Ordinal);
            if (value < 0)
            {
                return "it holds a character that keys never have";
            }

            values[i] = (byte)value;
        }

        return null;
    }

    private static void Spread(ReadOnlySpan<byte> data, Span<byte> values)
    {
        var (buffer, bits, at) = (0, 0, 0);
        foreach (var value in data)
        {
            buffer = ((buffer << 8) | value) & 0xfff;
            for (bits += 8; bits >= 5; bits -= 5)
            {
                values[at++] = (byte)((buffer >> (bits - 5)) & 31);
            }
        }

        if (bits > 0)
        {
            values[at] = (byte)((buffer << (5 - bits)) & 31);
        }
    }

    private static bool TryRegroup(ReadOnlySpan<byte> values, Span<byte> destination)
    {
        var (buffer, bits, at) = (0, 0, 0);
        foreach (var value in values)
        {
            buffer = ((buffer << 5) | value) & 0xfff;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                destination[at++] = (byte)(buffer >> bits);
            }
        }

        return bits < 5 && (buffer & ((1 << bits) - 1)) == 0;
    }

    private static uint Polymod(string prefix, ReadOnlySpan<byte> values)
    {
        var sum = 1u;
        foreach (var character in prefix)
        {
            sum = Step(sum, (uint)character >> 5);
        }

        sum = Step(sum, 0);
        foreach (var character in prefix)
        {
            sum = Step(sum, (uint)character & 31);
        }

        foreach (var value in values)
        {
            sum = Step(sum, value);
        }

        return sum;
    }

    private static uint Step(uint sum, uint value)
    {
        var top = sum >> 25;
        sum = ((sum & 0x1ffffff) << 5) ^ value;
        for (var i = 0; i < Generator.Length; i++)
        {
            sum ^= ((top >> i) & 1) == 1 ? Generator[i] : 0;
        }

        return sum;
    }
}
