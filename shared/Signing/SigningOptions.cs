namespace Ebb.Signing;

/// <summary>How images are signed: the section <c>Signing</c>.</summary>
public sealed record SigningOptions
{
    /// <summary>
    /// A <c>cosign.key</c> file, a PEM file with a PKCS#8 P-256 key, or <c>hashivault://&lt;key&gt;</c>. Null: images are not signed.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>The password of a <c>cosign.key</c>; prefer <see cref="PasswordFile"/>. Default empty.</summary>
    public string? Password { get; init; }

    /// <summary>A file with the password.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>The signature formats to write: <c>cosign</c>, <c>bundle</c>. Default both.</summary>
    public IReadOnlyList<SignatureFormat> Formats { get; init; } = [SignatureFormat.Cosign, SignatureFormat.Bundle];
}

/// <summary>The formats a signature is stored in.</summary>
public enum SignatureFormat
{
    /// <summary>The <c>sha256-….sig</c> tag of cosign 2 and Kyverno.</summary>
    Cosign,

    /// <summary>The sigstore bundle of cosign 3, an OCI 1.1 referrer.</summary>
    Bundle,
}
