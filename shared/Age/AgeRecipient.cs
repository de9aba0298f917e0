using System.Diagnostics.CodeAnalysis;
using Ebb.OpenSsl;

namespace Ebb.Age;

/// <summary>Someone to encrypt to: an X25519 public key, written <c>age1…</c> (C2SP age, "The X25519 recipient type"). No secret.</summary>
public sealed class AgeRecipient : IEquatable<AgeRecipient>
{
    private const string Prefix = "age";

    private readonly byte[] _publicKey;

    internal AgeRecipient(ReadOnlySpan<byte> publicKey) => _publicKey = publicKey.ToArray();

    internal ReadOnlySpan<byte> PublicKey => _publicKey;

    /// <summary>Reads <c>age1…</c>; <paramref name="error"/> says what is wrong and what would be right.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out AgeRecipient? recipient, [NotNullWhen(false)] out string? error)
    {
        var key = new byte[X25519PrivateKey.KeyBytes];
        var trimmed = (text ?? string.Empty).Trim();
        error = trimmed.StartsWith("AGE-", StringComparison.OrdinalIgnoreCase)
            ? "This is an identity, the secret half of a key. Give the recipient that belongs to it ('age1…', as age-keygen -y prints it), and keep the identity away from here."
            : Bech32.TryDecode(trimmed, Prefix, key) is { } reason
                ? $"'{Shortened(trimmed)}' is no age recipient: {reason}. Write 'age1' and 58 characters, as age-keygen -y prints them."
                : null;
        recipient = error is null ? new AgeRecipient(key) : null;
        return error is null;
    }

    /// <summary>Reads <c>age1…</c>.</summary>
    /// <exception cref="FormatException">It is no X25519 recipient.</exception>
    public static AgeRecipient Parse(string text) =>
        TryParse(text, out var recipient, out var error) ? recipient : throw new FormatException(error);

    /// <summary><c>age1…</c></summary>
    public override string ToString() => Bech32.Encode(Prefix, _publicKey);

    /// <inheritdoc/>
    public bool Equals(AgeRecipient? other) => other is not null && PublicKey.SequenceEqual(other.PublicKey);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AgeRecipient);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(_publicKey);

    private static string Shortened(string text) => text.Length <= 80 ? text : $"{text[..80]}…";
}
