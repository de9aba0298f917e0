using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ebb.OpenSsl.Tls;

/// <summary>What people need to know about a server certificate that was refused.</summary>
internal static class ServerCertificate
{
    public static TlsException Describe(string server, VerificationFailure failure)
    {
        using var certificate = Load(failure.Certificate);
        var which = failure.Depth == 0 ? "its certificate" : "a certificate above its own,";
        var subject = certificate is null ? which : $"{which} '{certificate.Subject}'";
        return failure.Code switch
        {
            2 or 18 or 19 or 20 or 21 or 24 or 27 or 79 => new TlsException(
                TlsFailure.UnknownAuthority,
                $"{server} is not trusted: {subject}, issued by '{certificate?.Issuer}', does not come from a configured authority ({failure.Reason}). If the server is the right one, give the CA that signs its certificates."),
            9 => new TlsException(
                TlsFailure.CertificateNotYetValid,
                $"{server} is not trusted: {subject} is not valid before {certificate?.NotBefore.ToUniversalTime():u}. Check the clocks of both sides."),
            10 => new TlsException(
                TlsFailure.CertificateExpired,
                $"{server} is not trusted: {subject} expired at {certificate?.NotAfter.ToUniversalTime():u}. Renew it, or check the clock of this machine."),
            62 or 64 => new TlsException(
                TlsFailure.WrongServerName,
                $"{server} is not trusted: {subject} is for {Names(certificate)}. Connect by one of these names, or have the name added to the certificate."),
            _ => new TlsException(
                TlsFailure.InvalidServerCertificate,
                $"{server} is not trusted: {subject} is not acceptable ({failure.Reason})."),
        };
    }

    private static X509Certificate2? Load(byte[] der)
    {
        try
        {
            return der.Length == 0 ? null : X509CertificateLoader.LoadCertificate(der);
        }
        catch (CryptographicException)
        {
            // Only words of the message depend on it; OpenSSL's verdict stands.
            return null;
        }
    }

    private static string Names(X509Certificate2? certificate)
    {
        var names = certificate?.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(extension => extension.EnumerateDnsNames().Concat(extension.EnumerateIPAddresses().Select(address => address.ToString())))
            .Take(10)
            .ToArray();
        return names is { Length: > 0 } ? string.Join(", ", names) : "no host name or address at all";
    }
}
