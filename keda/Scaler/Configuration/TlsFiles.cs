using Ebb.Storage;

namespace Ebb.Scaler.Configuration;

/// <summary>The PEM files of TLS.</summary>
/// <param name="Certificate">The certificate and the chain up to its root.</param>
/// <param name="Key">Its private key.</param>
/// <param name="ClientCa">The CA certificates that clients' certificates must chain to; null: clients need none.</param>
/// <param name="Clients">The names of which a client's certificate must carry one.</param>
internal sealed record TlsFiles(string Certificate, string Key, string? ClientCa, ClientNames Clients)
{
    private const string CertificateKey = "Scaler:CertificateFile";
    private const string KeyKey = "Scaler:KeyFile";
    private const string ClientCaKey = "Scaler:ClientCaFile";

    public static TlsFiles? Read(SettingReader read, List<string> problems)
    {
        var (certificate, key, clientCa) = (read.Text(CertificateKey, ""), read.Text(KeyKey, ""), read.Text(ClientCaKey, ""));
        var before = problems.Count;
        var clients = ClientNames.Read(read, clientCa.Length > 0, problems);
        if (certificate.Length == 0 && key.Length == 0 && clientCa.Length == 0)
        {
            return null;
        }

        foreach (var (name, path) in new[] { (CertificateKey, certificate), (KeyKey, key) })
        {
            if (path.Length == 0)
            {
                problems.Add($"{name} is empty; TLS needs both {CertificateKey} and {KeyKey}: PEM files with the certificate and its private key.");
            }
        }

        foreach (var (name, path) in new[] { (CertificateKey, certificate), (KeyKey, key), (ClientCaKey, clientCa) })
        {
            if (path.Length > 0 && !File.Exists(path))
            {
                problems.Add($"{name} is '{path}', and there is no such file that can be read here.");
            }
        }

        var files = new TlsFiles(certificate, key, clientCa.Length == 0 ? null : clientCa, clients);
        if (problems.Count == before && ServerCertificate.ProblemOf(files) is { } problem)
        {
            problems.Add(problem);
        }

        return files;
    }
}
