using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Ebb.Oci;

/// <summary>A content digest (OCI image-spec v1.1.1, Descriptors, Digests). Only <c>sha256</c> and <c>sha512</c> are accepted.</summary>
public readonly record struct Digest
{
    private Digest(string algorithm, string hex)
    {
        Algorithm = algorithm;
        Hex = hex;
    }

    /// <summary><c>sha256</c> or <c>sha512</c>.</summary>
    public string Algorithm { get; }

    /// <summary>The digest in lower-case hexadecimal.</summary>
    public string Hex { get; }

    /// <summary>Reads <c>algorithm:hex</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Digest digest)
    {
        digest = default;
        var length = text switch
        {
            not null when text.StartsWith("sha256:", StringComparison.Ordinal) => 64,
            not null when text.StartsWith("sha512:", StringComparison.Ordinal) => 128,
            _ => 0,
        };
        if (length == 0 || text!.Length != 7 + length || text.AsSpan(7).ContainsAnyExcept("0123456789abcdef"))
        {
            return false;
        }

        digest = new Digest(text[..6], text[7..]);
        return true;
    }

    /// <summary>Reads <c>algorithm:hex</c>.</summary>
    /// <exception cref="FormatException">The text is not a digest.</exception>
    public static Digest Parse(string text) =>
        TryParse(text, out var digest) ? digest : throw new FormatException($"'{text}' is not a digest such as sha256:<64 hexadecimal digits>.");

    /// <summary>The SHA-256 digest of content.</summary>
    public static Digest Of(ReadOnlySpan<byte> content) => FromSha256(SHA256.HashData(content));

    /// <summary>The digest with these 32 bytes of SHA-256.</summary>
    public static Digest FromSha256(ReadOnlySpan<byte> hash) => new("sha256", Convert.ToHexStringLower(hash));

    /// <summary>True when content has this digest.</summary>
    public bool Matches(ReadOnlySpan<byte> content) =>
        Hex == Convert.ToHexStringLower(Algorithm == "sha512" ? SHA512.HashData(content) : SHA256.HashData(content));

    internal IncrementalHash CreateHash() =>
        IncrementalHash.CreateHash(Algorithm == "sha512" ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256);

    /// <inheritdoc/>
    public override string ToString() => $"{Algorithm}:{Hex}";
}
