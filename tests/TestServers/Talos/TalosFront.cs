using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Ebb.TestServers.Network;

namespace Ebb.TestServers.Talos;

/// <summary>
/// nginx where Talos has apid: TLS with Ed25519 keys on both sides, HTTP/2 by ALPN only, client certificates of one authority. Passes calls on to a
/// stand-in, with the subject of the client's certificate.
/// </summary>
public sealed class TalosFront : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private TalosFront(Process process, DirectoryInfo folder, int port) => (_process, _folder, Port) = (process, folder, port);

    /// <summary>nginx on the PATH or where Debian has it; null when there is none.</summary>
    public static string? Program => $"{Environment.GetEnvironmentVariable("PATH")}{Path.PathSeparator}/usr/sbin".Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "nginx")).FirstOrDefault(File.Exists);

    public int Port { get; }

    /// <summary>As a talosconfig names it.</summary>
    public string Endpoint => $"127.0.0.1:{Port}";

    /// <param name="backend">The stand-in's port.</param>
    /// <param name="certificate">The server's certificate and key.</param>
    /// <param name="clientAuthority">The authority of client certificates.</param>
    public static async Task<TalosFront> StartAsync(int backend, (string Certificate, string Key) certificate, string clientAuthority)
    {
        for (var attempt = 1; ; attempt++)
        {
            var folder = Directory.CreateTempSubdirectory("ebb-talos-");
            var port = LoopbackPort.Next();
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "nginx.conf"), Configuration(folder.FullName, port, backend, certificate, clientAuthority));
            var front = new TalosFront(Start(folder.FullName), folder, port);
            if (await front.AnswersAsync())
            {
                return front;
            }

            await front.DisposeAsync();
            if (attempt == 3)
            {
                throw new InvalidOperationException("nginx does not start.");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static Process Start(string folder) => Process.Start(new ProcessStartInfo(
        Program ?? throw new InvalidOperationException("There is no nginx; install Debian's package."), ["-e", "stderr", "-p", folder, "-c", "nginx.conf"])
    {
        UseShellExecute = false,
        RedirectStandardError = false,
    })!;

    private async Task<bool> AnswersAsync()
    {
        for (var i = 0; i < 600 && !_process.HasExited; i++)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, Port);
                return true;
            }
            catch (SocketException)
            {
                await Task.Delay(50);
            }
        }

        return false;
    }

    private static string Configuration(string folder, int port, int backend, (string Certificate, string Key) certificate, string clientAuthority) => $$"""
        daemon off;
        master_process off;
        pid {{folder}}/pid;
        error_log stderr crit;
        events { }
        http {
          access_log off;
          client_max_body_size 0;
          client_body_temp_path {{folder}}/body;
          proxy_temp_path {{folder}}/proxy;
          fastcgi_temp_path {{folder}}/fastcgi;
          uwsgi_temp_path {{folder}}/uwsgi;
          scgi_temp_path {{folder}}/scgi;
          server {
            listen 127.0.0.1:{{port}} ssl http2;
            ssl_certificate {{certificate.Certificate}};
            ssl_certificate_key {{certificate.Key}};
            ssl_client_certificate {{clientAuthority}};
            ssl_verify_client on;
            # Talos refuses strangers in the TLS handshake; nginx lets them in to say so with a 400, which would hide the reason.
            error_page 495 496 =403 @refused;
            location @refused { return 403; }
            ssl_protocols TLSv1.3;
            grpc_set_header {{TalosStandIn.SubjectHeader}} $ssl_client_s_dn;
            grpc_set_header TE trailers;
            grpc_read_timeout 300s;
            location / { grpc_pass grpc://127.0.0.1:{{backend}}; }
          }
        }
        """;
}
