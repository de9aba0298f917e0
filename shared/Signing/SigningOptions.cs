using Microsoft.Extensions.Configuration;

namespace Ebb.Signing;

/// <summary>How images are signed: the section <c>Signing</c>.</summary>
public sealed record SigningOptions
{
    /// <summary>
    /// A <c>cosign.key</c> file, a PEM file with a PKCS#8 P-256 key, or <c>hashivault://&lt;key&gt;</c>. Null: images are not signed.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>What <see cref="Key"/> is called in messages. Default <c>Signing:Key</c>.</summary>
    public string KeySetting { get; init; } = "Signing:Key";

    /// <summary>The password of a <c>cosign.key</c>; prefer <see cref="PasswordFile"/>. Default empty.</summary>
    public string? Password { get; init; }

    /// <summary>A file with the password.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>What <see cref="PasswordFile"/> is called in messages. Default <c>Signing:PasswordFile</c>.</summary>
    public string PasswordFileSetting { get; init; } = "Signing:PasswordFile";

    /// <summary>The signature formats to write: <c>cosign</c>, <c>bundle</c>. Default both.</summary>
    public IReadOnlyList<SignatureFormat> Formats { get; init; } = [SignatureFormat.Cosign, SignatureFormat.Bundle];

    /// <summary>
    /// The Kyverno that will check the signatures, such as <c>1.18</c>; null: not said. The formats must be ones that its policy reads.
    /// </summary>
    public string? Kyverno { get; init; }

    /// <summary>
    /// Reads the section. The password may also be cosign's own variable <c>COSIGN_PASSWORD</c>.
    /// An unknown format is left out here and reported by <see cref="SigningOptionsValidator"/>.
    /// </summary>
    public static SigningOptions From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration.GetSection("Signing");
        var formats = SigningOptionsValidator.FormatTexts(configuration);
        return new SigningOptions
        {
            Key = Text(section["Key"]),
            Password = section["Password"] ?? configuration["COSIGN_PASSWORD"],
            PasswordFile = Text(section["PasswordFile"]),
            Kyverno = Text(section["Kyverno"]),
            Formats = formats.Count == 0
                ? [SignatureFormat.Cosign, SignatureFormat.Bundle]
                : [.. formats.Select(SigningOptionsValidator.Format).OfType<SignatureFormat>().Distinct()],
        };
    }

    /// <summary>Without the password.</summary>
    public override string ToString() => $"SigningOptions {{ Key = {Key}, PasswordFile = {PasswordFile}, Formats = {string.Join(", ", Formats)} }}";

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}

/// <summary>The formats a signature is stored in.</summary>
public enum SignatureFormat
{
    /// <summary>The <c>sha256-….sig</c> tag of cosign 2 and Kyverno.</summary>
    Cosign,

    /// <summary>The sigstore bundle of cosign 3, an OCI 1.1 referrer.</summary>
    Bundle,
}
