using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ebb.Kubernetes.Authentication;

/// <summary>A client certificate in two files; read again when they change.</summary>
internal sealed class CertificateFiles(string certificateFile, string keyFile, string source)
{
    private readonly Lock _gate = new();
    private (DateTime Certificate, DateTime Key) _read;
    private X509Certificate2? _current;

    public X509Certificate2 Current
    {
        get
        {
            lock (_gate)
            {
                var written = (File.GetLastWriteTimeUtc(certificateFile), File.GetLastWriteTimeUtc(keyFile));
                if (_current is null || written != _read)
                {
                    // The one before is left to the collector: a connection may be using it.
                    (_current, _read) = (ClientCertificate.Load(File.ReadAllText(certificateFile), File.ReadAllText(keyFile), source), written);
                }

                return _current;
            }
        }
    }
}

/// <summary>Reads client certificates.</summary>
internal static class ClientCertificate
{
    public static X509Certificate2 Load(string certificatePem, string keyPem, string source)
    {
        try
        {
            return X509Certificate2.CreateFromPem(certificatePem, keyPem);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new KubernetesException(
                $"The client certificate of {source} and its key cannot be read as PEM, or do not belong together: {exception.Message}", KubernetesFault.Credential, exception);
        }
    }
}
