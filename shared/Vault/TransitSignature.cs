using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Ebb.Vault;

/// <summary>A signature of the transit engine.</summary>
/// <param name="Version">The key's version that signed.</param>
/// <param name="Der">ASN.1 DER.</param>
public sealed record TransitSignature(int Version, byte[] Der)
{
    // An ECDSA signature over P-521 has at most 139 bytes; RSA-4096 has 512.
    private const int MaxTextLength = 1024;

    /// <summary>Reads <c>vault:v&lt;version&gt;:&lt;base64&gt;</c>.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out TransitSignature? signature)
    {
        signature = null;
        if (text is null || text.Length > MaxTextLength || text.Split(':') is not ["vault", ['v', .. var number], var base64])
        {
            return false;
        }

        var der = new byte[base64.Length];
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var version) || version < 1
            || !Convert.TryFromBase64String(base64, der, out var length) || length == 0)
        {
            return false;
        }

        signature = new TransitSignature(version, der[..length]);
        return true;
    }
}
