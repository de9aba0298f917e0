using System.Diagnostics;

namespace Ebb.TestServers.Tls;

/// <summary>
/// Certificates with Ed25519 keys, as Talos has them, made by the openssl tool: .NET cannot make such keys. The authority is <c>ca.crt</c>;
/// every certificate is a pair <c>name.crt</c> and <c>name.key</c> in one folder.
/// </summary>
public sealed class OpenSslAuthority : IDisposable
{
    /// <summary>Names for a server on this machine.</summary>
    public const string Loopback = "subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth";

    /// <summary>Names for a server elsewhere.</summary>
    public const string Elsewhere = "subjectAltName=DNS:elsewhere.example,IP:192.0.2.1\nextendedKeyUsage=serverAuth";

    /// <summary>A client.</summary>
    public const string Client = "extendedKeyUsage=clientAuth";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ebb-pki-");

    public OpenSslAuthority(string name) => Run(
        "req", "-x509", "-newkey", "ed25519", "-nodes", "-days", "30", "-subj", $"/O=ebb tests/CN={name}", "-keyout", "ca.key", "-out", "ca.crt");

    /// <summary>The openssl tool; null when there is none.</summary>
    public static string? Program => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "openssl")).FirstOrDefault(File.Exists);

    public string Authority => At("ca.crt");

    public string At(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Issues a certificate.</summary>
    /// <param name="name">The name of its files.</param>
    /// <param name="extensions">Lines of openssl's extension file.</param>
    /// <param name="days">For how long it is valid; -1: it expired yesterday.</param>
    /// <param name="subject">Default: <c>/O=ebb tests/CN={name}</c>.</param>
    public (string Certificate, string Key) Issue(string name, string extensions, int days = 30, string? subject = null)
    {
        Run("req", "-newkey", "ed25519", "-nodes", "-subj", subject ?? $"/O=ebb tests/CN={name}", "-keyout", $"{name}.key", "-out", $"{name}.csr");
        File.WriteAllText(At($"{name}.ext"), extensions + "\n");
        Run("x509", "-req", "-in", $"{name}.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", $"{days}", "-extfile", $"{name}.ext", "-out", $"{name}.crt");
        return (At($"{name}.crt"), At($"{name}.key"));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(Program ?? "openssl", arguments)
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"openssl {string.Join(' ', arguments)}: {error}");
        }
    }
}
