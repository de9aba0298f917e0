using System.Security.Cryptography;

namespace Ebb.Signing.Keys;

/// <summary>A new key pair as cosign writes it: <c>cosign.key</c> and <c>cosign.pub</c>.</summary>
/// <param name="PrivateKeyPem">The encrypted private key.</param>
/// <param name="PublicKeyPem">The public key.</param>
public sealed record SigningKeyPair(string PrivateKeyPem, string PublicKeyPem)
{
    /// <summary>Makes an ECDSA P-256 key pair, the private key encrypted with the password.</summary>
    public static SigningKeyPair Generate(ReadOnlySpan<byte> password)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new SigningKeyPair(CosignKeyFile.Encrypt(key, password), key.ExportSubjectPublicKeyInfoPem() + "\n");
    }

    /// <summary>
    /// Writes <c>&lt;prefix&gt;.key</c>, readable by its owner alone, and <c>&lt;prefix&gt;.pub</c>. Both are complete or absent.
    /// </summary>
    /// <exception cref="SigningException">One of the files exists, or cannot be written.</exception>
    public void Write(string prefix)
    {
        var (privatePath, publicPath) = (prefix + ".key", prefix + ".pub");
        foreach (var path in new[] { privatePath, publicPath }.Where(Path.Exists))
        {
            throw new SigningException($"{path} exists and is not overwritten. Choose another --output-key-prefix, or move the old key away.");
        }

        // The public key first: a private key without its public half would be refused as existing on the next try.
        Create(publicPath, PublicKeyPem, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        try
        {
            Create(privatePath, PrivateKeyPem, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        catch (SigningException)
        {
            File.Delete(publicPath);
            throw;
        }
    }

    private static void Create(string path, string text, UnixFileMode mode)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = mode;
            }

            using var writer = new StreamWriter(path, options);
            writer.Write(text);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SigningException($"{path} cannot be written: {exception.Message}", exception);
        }
    }
}
