using System.Security.Cryptography;

namespace Ebb.Signing.Keys;

/// <summary>Imports ECDSA keys and accepts the curve P-256 alone: the only one that cosign, Kyverno and Harbor all verify.</summary>
internal static class P256
{
    private const string Oid = "1.2.840.10045.3.1.7";

    public static ECDsa ImportPkcs8(ReadOnlySpan<byte> der, string description)
    {
        var copy = der.ToArray();
        try
        {
            return Import(key => key.ImportPkcs8PrivateKey(copy, out _), description);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(copy);
        }
    }

    public static ECDsa ImportPublicPem(string pem, string description) => Import(key => key.ImportFromPem(pem), description);

    public static ECDsa Import(Action<ECDsa> import, string description)
    {
        var key = ECDsa.Create();
        try
        {
            import(key);
            var curve = key.ExportParameters(includePrivateParameters: false).Curve;
            // A curve that is given by its parameters has no name, also where they are those of P-256.
            var name = curve.Oid;
            if (name is null || (name.Value != Oid && name.FriendlyName != ECCurve.NamedCurves.nistP256.Oid.FriendlyName))
            {
                throw new SigningException(
                    $"The key {description} is on the curve {name?.FriendlyName ?? "of its own parameters"}, which cosign signatures here do not use. "
                    + "Make an ECDSA P-256 key: 'ebb signing generate-key'.");
            }

            return key;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new SigningException(
                $"The key {description} is not an ECDSA key (RSA and Ed25519 are not accepted), or it is damaged. Make an ECDSA P-256 key: 'ebb signing generate-key'.", exception);
        }
        catch (SigningException)
        {
            key.Dispose();
            throw;
        }
    }
}
