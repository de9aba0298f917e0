using Ebb.Settings;

namespace Ebb.Scaler.Configuration;

/// <summary>The PEM files of TLS.</summary>
/// <param name="Certificate">The certificate and the chain up to its root.</param>
/// <param name="Key">Its private key.</param>
/// <param name="ClientCa">The CA certificates that clients' certificates must chain to; null: clients need none.</param>
/// <param name="Clients">The names of which a client's certificate must carry one.</param>
internal sealed record TlsFiles(string Certificate, string Key, string? ClientCa, ClientNames Clients)
{
    public static TlsFiles? Read(SettingsReader read)
    {
        var before = read.Problems.Count;
        var certificate = read.ExistingFile("CertificateFile", "a PEM file with the certificate and its chain");
        var key = read.ExistingFile("KeyFile", "a PEM file with the certificate's private key");
        var clientCa = read.ExistingFile("ClientCaFile", "a PEM file with the authorities of clients' certificates");
        var clients = ClientNames.Read(read, clientCa is not null);
        if (certificate is null && key is null && clientCa is null)
        {
            return null;
        }

        const string both = "the path of a PEM file; TLS needs both Scaler:CertificateFile and Scaler:KeyFile";
        var files = new TlsFiles(certificate ?? read.Missing("CertificateFile", both, ""), key ?? read.Missing("KeyFile", both, ""), clientCa, clients);
        if (read.Problems.Count == before && ServerCertificate.ProblemOf(files) is { } problem)
        {
            read.Problems.Add(problem);
        }

        return files;
    }
}
