using System.Security.Cryptography;
using System.Text;

namespace Ebb.Signing.Keys;

/// <summary>A private key in a PEM file, of whichever kind.</summary>
internal static class PrivateKeyFile
{
    public const int MaxBytes = 64 * 1024;

    /// <summary>Reads the key.</summary>
    /// <exception cref="SigningException">The file cannot be read or holds no ECDSA P-256 private key.</exception>
    public static ECDsa Read(string path, Func<byte[]> password)
    {
        var bytes = ReadBytes(path);
        try
        {
            return Parse(Encoding.UTF8.GetString(bytes), path, password);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>The SHA-256 of a file whose first key is cosign's, in hex; null for other files.</summary>
    /// <exception cref="SigningException">The file cannot be read.</exception>
    public static string? HashOfEncrypted(string path)
    {
        var bytes = ReadBytes(path);
        try
        {
            var text = Encoding.UTF8.GetString(bytes);
            return PemEncoding.TryFind(text, out var fields) && text[fields.Label] is CosignKeyFile.Label or CosignKeyFile.OldLabel
                ? Convert.ToHexStringLower(SHA256.HashData(bytes))
                : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static byte[] ReadBytes(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var buffer = new byte[MaxBytes + 1];
            var length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return length > MaxBytes
                ? throw new SigningException($"The file {path} (Signing:Key) has more than {MaxBytes} bytes and cannot be the signing key.")
                : buffer[..length];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SigningException($"The file {path} (Signing:Key), the signing key, cannot be read: {exception.Message}", exception);
        }
    }

    private static ECDsa Parse(string text, string path, Func<byte[]> password)
    {
        var found = new List<string>();
        for (var rest = text.AsSpan(); PemEncoding.TryFind(rest, out var fields); rest = rest[fields.Location.End..])
        {
            var label = rest[fields.Label].ToString();
            var der = Convert.FromBase64String(rest[fields.Base64Data].ToString());
            try
            {
                if (Import(label, der, path, password) is { } key)
                {
                    return key;
                }
            }
            finally
            {
                CryptographicOperations.ZeroMemory(der);
            }

            found.Add(label);
        }

        throw new SigningException(
            $"The file {path} (Signing:Key) holds no private key that can sign: {(found.Count == 0 ? "it is not PEM" : "it holds " + string.Join(", ", found))}. "
            + "It must be a cosign.key, a PKCS#8 'PRIVATE KEY' or an 'EC PRIVATE KEY'.");
    }

    private static ECDsa? Import(string label, byte[] der, string path, Func<byte[]> password) => label switch
    {
        CosignKeyFile.Label or CosignKeyFile.OldLabel => WithPassword(password, secret => CosignKeyFile.Decrypt(der, secret, path)),
        "PRIVATE KEY" => P256.ImportPkcs8(der, path),
        "EC PRIVATE KEY" => P256.Import(key => key.ImportECPrivateKey(der, out _), path),
        "ENCRYPTED PRIVATE KEY" => throw new SigningException(
            $"The key {path} is an encrypted PKCS#8 key, which is not read. Import it with 'cosign import-key-pair --key {Path.GetFileName(path)}' and use the cosign.key that this writes."),
        _ => null,
    };

    private static ECDsa WithPassword(Func<byte[]> password, Func<byte[], ECDsa> use)
    {
        var secret = password();
        try
        {
            return use(secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }
}
