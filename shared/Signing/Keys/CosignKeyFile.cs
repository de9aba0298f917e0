using System.Security.Cryptography;
using System.Text.Json;
using Ebb.Signing.Cryptography;
using Org.BouncyCastle.Crypto.Generators;

namespace Ebb.Signing.Keys;

/// <summary>
/// The encrypted private key of cosign, <c>cosign.key</c>: PEM around JSON; scrypt turns the password into the key of a NaCl
/// secretbox that holds PKCS#8 (cosign <c>pkg/cosign/keys.go</c>, go-securesystemslib <c>encrypted</c>).
/// </summary>
public static class CosignKeyFile
{
    /// <summary>The PEM label that is written.</summary>
    public const string Label = "ENCRYPTED SIGSTORE PRIVATE KEY";

    /// <summary>The older PEM label, read too.</summary>
    public const string OldLabel = "ENCRYPTED COSIGN PRIVATE KEY";

    private const int SaltBytes = 32;
    private const int WrittenN = 65536;
    private const int BlockSize = 8;
    private const int Lanes = 1;

    // A PKCS#8 P-256 key has 138 bytes; RSA keys that cosign imports stay below 4 KiB.
    private const int MaxCiphertextBytes = 16 * 1024;

    /// <summary>Decrypts the PEM content of a <c>cosign.key</c>.</summary>
    /// <param name="content">What is between the PEM lines, decoded.</param>
    /// <param name="password">The password; empty is a valid password.</param>
    /// <param name="description">Names the key in errors.</param>
    /// <exception cref="SigningException">The content is no cosign key, the password is wrong, or the key is not P-256.</exception>
    internal static ECDsa Decrypt(ReadOnlySpan<byte> content, ReadOnlySpan<byte> password, string description)
    {
        var document = Parse(content, description);
        var key = DeriveKey(password, document.Kdf.Salt, document.Kdf.Params.N);
        var pkcs8 = new byte[document.Ciphertext.Length - SecretBox.Overhead];
        try
        {
            return SecretBox.TryOpen(key, document.Cipher.Nonce, document.Ciphertext, pkcs8)
                ? P256.ImportPkcs8(pkcs8, description)
                : throw new SigningException(
                    $"The password does not open the key {description}{(password.IsEmpty ? " (the password given is empty)" : "")}, or the file is damaged. "
                    + "Set Signing:PasswordFile to a file with the password that cosign asked for when it made the key.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    /// <summary>Encrypts a key as <c>cosign generate-key-pair</c> does.</summary>
    /// <returns>The PEM text of the file.</returns>
    public static string Encrypt(ECDsa key, ReadOnlySpan<byte> password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var nonce = RandomNumberGenerator.GetBytes(SecretBox.NonceBytes);
        var secret = DeriveKey(password, salt, WrittenN);
        var pkcs8 = key.ExportPkcs8PrivateKey();
        try
        {
            var document = new CosignKeyDocument(
                new("scrypt", new(WrittenN, BlockSize, Lanes), salt), new("nacl/secretbox", nonce), SecretBox.Seal(secret, nonce, pkcs8));
            return PemEncoding.WriteString(Label, JsonSerializer.SerializeToUtf8Bytes(document, CosignKeyJson.Default.CosignKeyDocument)) + "\n";
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    private static byte[] DeriveKey(ReadOnlySpan<byte> password, byte[] salt, int n)
    {
        var copy = password.ToArray();
        try
        {
            return SCrypt.Generate(copy, salt, n, BlockSize, Lanes, SecretBox.KeyBytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(copy);
            // scrypt filled 64 MiB once; they would stay resident until a full collection, which a process that works little never has.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }

    private static CosignKeyDocument Parse(ReadOnlySpan<byte> content, string description)
    {
        CosignKeyDocument? document;
        try
        {
            document = JsonSerializer.Deserialize(content, CosignKeyJson.Default.CosignKeyDocument);
        }
        catch (JsonException exception)
        {
            throw new SigningException($"The key {description} is damaged: its content is not the JSON that cosign writes.", exception);
        }

        return document is null || Problem(document) is { } problem
            ? throw new SigningException($"The key {description} cannot be read: {(document is null ? "it is empty" : Problem(document))}.")
            : document;
    }

    // The cost is taken from the file, so only costs that cosign itself writes are computed.
    private static string? Problem(CosignKeyDocument document) => document switch
    {
        { Kdf.Name: not "scrypt" } => "its key derivation is not scrypt",
        { Kdf.Params.N: not (32768 or 65536 or 131072) } => $"its scrypt cost N={document.Kdf.Params.N} is none of 32768, 65536, 131072",
        { Kdf.Params: not { R: BlockSize, P: Lanes } } => $"its scrypt parameters r={document.Kdf.Params.R}, p={document.Kdf.Params.P} are not r=8, p=1",
        { Kdf.Salt.Length: not SaltBytes } => $"its salt has {document.Kdf.Salt.Length} bytes and not {SaltBytes}",
        { Cipher.Name: not "nacl/secretbox" } => "its cipher is not nacl/secretbox",
        { Cipher.Nonce.Length: not SecretBox.NonceBytes } => $"its nonce has {document.Cipher.Nonce.Length} bytes and not {SecretBox.NonceBytes}",
        { Ciphertext.Length: <= SecretBox.Overhead or > MaxCiphertextBytes } => $"its ciphertext has {document.Ciphertext.Length} bytes",
        _ => null,
    };
}
