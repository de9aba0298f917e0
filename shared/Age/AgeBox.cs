using System.Security.Cryptography;

namespace Ebb.Age;

/// <summary>
/// A short secret, sealed to one recipient, as text: an age file in base64, which <c>base64 -d | age -d -i key.txt</c> opens.
/// </summary>
public static class AgeBox
{
    /// <summary>A secret may have up to 4 MiB.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    private const int MostCharacters = 2 * MostBytes;

    /// <summary>Seals; two boxes of the same secret differ. Their length tells the secret's.</summary>
    /// <exception cref="ArgumentException">The secret is longer than <see cref="MostBytes"/>.</exception>
    /// <exception cref="OpenSsl.OpenSslException">OpenSSL 3 is missing, or the recipient's key is of low order.</exception>
    public static string Seal(AgeRecipient recipient, ReadOnlySpan<byte> secret)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        if (secret.Length > MostBytes)
        {
            throw new ArgumentException($"A box holds at most {MostBytes} bytes, not {secret.Length}.", nameof(secret));
        }

        using var fileKey = FileKey.Generate();
        var nonce = RandomNumberGenerator.GetBytes(FileKey.NonceLength);
        using var cipher = fileKey.Payload(nonce);
        var header = Header.Write(fileKey, [recipient]);
        var chunks = Math.Max(1, (secret.Length + PayloadCipher.ChunkBytes - 1) / PayloadCipher.ChunkBytes);
        var file = new byte[header.Length + nonce.Length + secret.Length + (chunks * PayloadCipher.TagBytes)];
        header.CopyTo(file, 0);
        nonce.CopyTo(file, header.Length);

        var at = header.Length + nonce.Length;
        for (var i = 1; i <= chunks; i++)
        {
            var chunk = secret[..Math.Min(secret.Length, PayloadCipher.ChunkBytes)];
            cipher.Seal(chunk, i == chunks, file.AsSpan(at));
            at += chunk.Length + PayloadCipher.TagBytes;
            secret = secret[chunk.Length..];
        }

        return Convert.ToBase64String(file);
    }

    /// <summary>Opens a box; the caller overwrites the secret when done with it.</summary>
    /// <exception cref="AgeException">It is no box, it is for another recipient, or it was changed or cut.</exception>
    public static byte[] Open(AgeIdentity identity, string box)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(box);
        var file = box.Length <= MostCharacters ? new byte[box.Length / 4 * 3] : [];
        if (file.Length == 0 || !Convert.TryFromBase64String(box, file, out var length))
        {
            throw new AgeException(AgeFailure.Header, "This is no sealed box: it is not base64, or longer than any box.");
        }

        ReadOnlySpan<byte> rest = file.AsSpan(0, length);
        var header = ReadHeader(ref rest);
        using var fileKey = Header.Open(header, [identity]);
        if (rest.Length < FileKey.NonceLength)
        {
            throw HeaderParser.Malformed("the box ends before its content begins");
        }

        using var cipher = fileKey.Payload(rest[..FileKey.NonceLength]);
        return OpenChunks(cipher, rest[FileKey.NonceLength..]);
    }

    private static HeaderParser ReadHeader(ref ReadOnlySpan<byte> rest)
    {
        var parser = new HeaderParser();
        while (parser.Mac is null)
        {
            var length = rest.IndexOf((byte)'\n');
            if (length < 0)
            {
                throw HeaderParser.Malformed("the box ends within it");
            }

            parser.Add(rest[..length]);
            rest = rest[(length + 1)..];
        }

        return parser;
    }

    // The whole box is at hand: nothing is given out before the last chunk proves it whole.
    private static byte[] OpenChunks(PayloadCipher cipher, ReadOnlySpan<byte> rest)
    {
        var chunks = Math.Max(1, (rest.Length + PayloadCipher.SealedBytes - 1) / PayloadCipher.SealedBytes);
        var last = rest.Length - ((chunks - 1) * PayloadCipher.SealedBytes);

        // Only the only chunk may be empty.
        var isPlausible = last > PayloadCipher.TagBytes || (last == PayloadCipher.TagBytes && chunks == 1);
        var secret = new byte[isPlausible ? rest.Length - (chunks * PayloadCipher.TagBytes) : 0];
        for (var (i, at) = (1, 0); i <= chunks; i++)
        {
            var chunk = rest[..Math.Min(rest.Length, PayloadCipher.SealedBytes)];
            if (!isPlausible || !cipher.TryOpen(chunk, i == chunks, secret.AsSpan(at)))
            {
                CryptographicOperations.ZeroMemory(secret);
                throw new AgeException(AgeFailure.Payload, "The content of the sealed box is not authentic: it was changed or cut.");
            }

            at += chunk.Length - PayloadCipher.TagBytes;
            rest = rest[chunk.Length..];
        }

        return secret;
    }
}
