using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Ebb.OpenSsl;

namespace Ebb.Age;

/// <summary>
/// The secret half of a key, written <c>AGE-SECRET-KEY-1…</c>: decrypts what was encrypted to its <see cref="Recipient"/>.
/// OpenSSL holds it and overwrites it on disposal.
/// </summary>
public sealed class AgeIdentity : IDisposable
{
    private const string Prefix = "AGE-SECRET-KEY-";

    private readonly X25519PrivateKey _key;

    private AgeIdentity(X25519PrivateKey key)
    {
        _key = key;
        Recipient = new AgeRecipient(key.PublicKey.Span);
    }

    /// <summary>Whom to encrypt to for this identity.</summary>
    public AgeRecipient Recipient { get; }

    /// <summary>A new random identity.</summary>
    /// <exception cref="OpenSslMissingException">OpenSSL 3 is not installed.</exception>
    public static AgeIdentity Generate() => new(X25519PrivateKey.Generate());

    /// <summary>Reads <c>AGE-SECRET-KEY-1…</c>; <paramref name="error"/> says what is wrong without showing the text.</summary>
    /// <exception cref="OpenSslMissingException">OpenSSL 3 is not installed.</exception>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out AgeIdentity? identity, [NotNullWhen(false)] out string? error)
    {
        Span<byte> key = stackalloc byte[X25519PrivateKey.KeyBytes];
        try
        {
            error = Bech32.TryDecode(text.Trim(), Prefix, key) is { } reason
                ? $"This is no age identity: {reason}. Write a line such as 'AGE-SECRET-KEY-1…', as age-keygen prints it."
                : null;
            identity = error is null ? new AgeIdentity(X25519PrivateKey.Import(key)) : null;
            return identity is not null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Reads <c>AGE-SECRET-KEY-1…</c>.</summary>
    /// <exception cref="FormatException">It is no X25519 identity.</exception>
    /// <exception cref="OpenSslMissingException">OpenSSL 3 is not installed.</exception>
    public static AgeIdentity Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var identity, out var error) ? identity : throw new FormatException(error);

    /// <summary>The secret as <c>AGE-SECRET-KEY-1…</c>, for a file that only its owner reads.</summary>
    public string ExportSecret()
    {
        Span<byte> key = stackalloc byte[X25519PrivateKey.KeyBytes];
        try
        {
            _key.Export(key);
            return Bech32.Encode(Prefix.ToLowerInvariant(), key).ToUpperInvariant();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Names the recipient; the secret comes only from <see cref="ExportSecret"/>.</summary>
    public override string ToString() => $"identity of {Recipient}";

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    internal void Agree(ReadOnlySpan<byte> publicKey, Span<byte> secret) => _key.Agree(publicKey, secret);
}
