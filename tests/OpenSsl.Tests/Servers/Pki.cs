using System.Diagnostics;

namespace Ebb.OpenSsl.Tests.Servers;

/// <summary>Certificates of two authorities, made by the openssl tool when the tests begin. Everything is Ed25519.</summary>
public sealed class Pki : IDisposable
{
    private const string Names = "subjectAltName=DNS:localhost,IP:127.0.0.1";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Lazy<string> _folder = new(Make);

    public TlsClientOptions Trusting => new() { Authorities = Bytes("ca.crt"), HandshakeTimeout = Patience };

    public TlsClientOptions Client => With("client.crt", "client.key");

    public string At(string name) => Path.Combine(_folder.Value, name);

    public byte[] Bytes(string name) => File.ReadAllBytes(At(name));

    public TlsClientOptions With(string certificate, string key, string authority = "ca.crt") =>
        new() { Authorities = Bytes(authority), Certificates = Bytes(certificate), Key = Bytes(key), HandshakeTimeout = Patience };

    public void Dispose()
    {
        if (_folder.IsValueCreated)
        {
            Directory.Delete(_folder.Value, recursive: true);
        }
    }

    private static string Make()
    {
        var folder = Directory.CreateTempSubdirectory("ebb-openssl-").FullName;
        Authority(folder, "ca");
        Authority(folder, "other");
        Issue(folder, "server", "ca", "30", Names);
        Issue(folder, "elsewhere", "ca", "30", "subjectAltName=DNS:elsewhere.example,IP:192.0.2.1");
        Issue(folder, "nameless", "ca", "30", "extendedKeyUsage=serverAuth", "/CN=localhost");
        Issue(folder, "expired", "ca", "-1", Names);
        Issue(folder, "clientonly", "ca", "30", $"{Names}\nextendedKeyUsage=clientAuth");
        Issue(folder, "client", "ca", "30", "extendedKeyUsage=clientAuth");
        Issue(folder, "stranger", "other", "30", "extendedKeyUsage=clientAuth");
        Issue(folder, "middle", "ca", "30", "basicConstraints=critical,CA:TRUE");
        Issue(folder, "chained", "middle", "30", "extendedKeyUsage=clientAuth");
        File.WriteAllText(Path.Combine(folder, "chain.crt"), Read(folder, "chained.crt") + Read(folder, "middle.crt"));
        File.WriteAllText(Path.Combine(folder, "talos.key"), Read(folder, "client.key").Replace(" PRIVATE KEY", " ED25519 PRIVATE KEY", StringComparison.Ordinal));
        return folder;
    }

    private static string Read(string folder, string name) => File.ReadAllText(Path.Combine(folder, name));

    private static void Authority(string folder, string name) => Run(
        folder, "req", "-x509", "-newkey", "ed25519", "-nodes", "-days", "30", "-subj", $"/O=ebb tests/CN={name}", "-keyout", $"{name}.key", "-out", $"{name}.crt");

    private static void Issue(string folder, string name, string authority, string days, string extensions, string? subject = null)
    {
        Run(folder, "req", "-newkey", "ed25519", "-nodes", "-subj", subject ?? $"/O=ebb tests/CN={name}", "-keyout", $"{name}.key", "-out", $"{name}.csr");
        File.WriteAllText(Path.Combine(folder, $"{name}.ext"), extensions + "\n");
        Run(folder, "x509", "-req", "-in", $"{name}.csr", "-CA", $"{authority}.crt", "-CAkey", $"{authority}.key", "-CAcreateserial", "-days", days, "-extfile", $"{name}.ext", "-out", $"{name}.crt");
    }

    private static void Run(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Peers.OpenSsl, arguments) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, error);
    }
}
