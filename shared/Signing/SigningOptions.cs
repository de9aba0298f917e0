using Ebb.Settings;
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
    /// An unknown format is left out and added to the problems.
    /// </summary>
    public static SigningOptions From(IConfiguration configuration, ICollection<string>? problems = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var read = new SettingsReader(configuration, problems ?? [], "Signing");
        return new SigningOptions
        {
            Key = read.Text("Key", "a cosign.key file, a PEM file, or hashivault://<name of a transit key>"),
            // An empty password is one.
            Password = read.Secret(new("Password", "COSIGN_PASSWORD"), "the password of a cosign.key; PasswordFile is better") ?? configuration["Signing:Password"] ?? configuration["COSIGN_PASSWORD"],
            PasswordFile = read.Text("PasswordFile", "the path of a file with the password"),
            Kyverno = read.Text("Kyverno", "the version of the Kyverno that checks, such as 1.18"),
            Formats = [.. read.All<SignatureFormat>("Formats", "cosign or bundle", TryFormat, "cosign,bundle").Distinct()],
        };
    }

    /// <summary>Without the password.</summary>
    public override string ToString() => $"SigningOptions {{ Key = {Key}, PasswordFile = {PasswordFile}, Formats = {string.Join(", ", Formats)} }}";

    private static bool TryFormat(string text, out SignatureFormat format) => Enum.TryParse(text, ignoreCase: true, out format) && !char.IsAsciiDigit(text[0]);
}

/// <summary>The formats a signature is stored in.</summary>
public enum SignatureFormat
{
    /// <summary>The <c>sha256-….sig</c> tag of cosign 2 and Kyverno.</summary>
    Cosign,

    /// <summary>The sigstore bundle of cosign 3, an OCI 1.1 referrer.</summary>
    Bundle,
}
