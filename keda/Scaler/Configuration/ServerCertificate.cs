using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ebb.Scaler.Configuration;

/// <summary>What the PEM files held when they were read.</summary>
internal sealed class ServerCertificate
{
    private ServerCertificate(SslStreamCertificateContext context, X509Certificate2Collection? clientAuthorities) =>
        (Context, ClientAuthorities) = (context, clientAuthorities);

    /// <summary>The certificate with its chain.</summary>
    public SslStreamCertificateContext Context { get; }

    /// <summary>The roots of clients' certificates; null when clients need none.</summary>
    public X509Certificate2Collection? ClientAuthorities { get; }

    /// <summary>Why the files cannot be used; null when they can.</summary>
    public static string? ProblemOf(TlsFiles files)
    {
        try
        {
            _ = Load(files);
            return null;
        }
        catch (Exception error) when (IsUnusable(error))
        {
            return $"The certificate in {files.Certificate} with the key in {files.Key}{(files.ClientCa is null ? "" : $" and the CA certificates in {files.ClientCa}")} " +
                $"cannot be used: {error.Message} They must be PEM files, the key unencrypted and the certificate's own.";
        }
    }

    /// <exception cref="CryptographicException">The files do not hold what they should.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static ServerCertificate Load(TlsFiles files)
    {
        var leaf = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(files.Certificate);
        chain.RemoveAt(0);
        X509Certificate2Collection? authorities = null;
        if (files.ClientCa is { } file)
        {
            authorities = [];
            authorities.ImportFromPemFile(file);
            if (authorities.Count == 0)
            {
                throw new CryptographicException($"{file} holds no certificate.");
            }
        }

        return new(SslStreamCertificateContext.Create(leaf, chain, offline: true), authorities);
    }

    public static bool IsUnusable(Exception error) =>
        error is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException;
}
