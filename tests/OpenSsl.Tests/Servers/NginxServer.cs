using System.Net;
using System.Net.Sockets;
using Ebb.TestServers.Network;

namespace Ebb.OpenSsl.Tests.Servers;

/// <summary>nginx with HTTP/2 and Ed25519 certificates on both sides: what stands in front of Talos in these tests.</summary>
internal sealed class NginxServer : IAsyncDisposable
{
    private readonly ServerProcess _process;
    private readonly string _folder;

    private NginxServer(ServerProcess process, string folder, int port) => (_process, _folder, Port) = (process, folder, port);

    public int Port { get; }

    /// <summary>What is written here is served below <c>/files/</c>.</summary>
    public string Files => Path.Combine(_folder, "files");

    public static async Task<NginxServer> StartAsync(Pki pki, int backend = 9, string protocol = "http2")
    {
        for (var attempt = 1; ; attempt++)
        {
            var port = LoopbackPort.Next();
            var folder = Directory.CreateTempSubdirectory("ebb-nginx-").FullName;
            Directory.CreateDirectory(Path.Combine(folder, "files"));
            await File.WriteAllTextAsync(Path.Combine(folder, "nginx.conf"), Configuration(pki, folder, port, backend, protocol));
            var process = new ServerProcess(Peers.Nginx, folder, "-e", "stderr", "-p", folder, "-c", "nginx.conf");
            var server = new NginxServer(process, folder, port);
            if (await server.AnswersAsync() || attempt == 3)
            {
                return server;
            }

            await server.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

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

    private static string Configuration(Pki pki, string folder, int port, int backend, string protocol) => $$"""
        daemon off;
        master_process off;
        pid {{folder}}/pid;
        events { }
        http {
          access_log off;
          client_max_body_size 0;
          http2_max_concurrent_streams 200;
          keepalive_requests 100000;
          client_body_temp_path {{folder}}/body;
          proxy_temp_path {{folder}}/proxy;
          fastcgi_temp_path {{folder}}/fastcgi;
          uwsgi_temp_path {{folder}}/uwsgi;
          scgi_temp_path {{folder}}/scgi;
          server {
            listen 127.0.0.1:{{port}} ssl {{protocol}};
            ssl_certificate {{pki.At("server.crt")}};
            ssl_certificate_key {{pki.At("server.key")}};
            ssl_client_certificate {{pki.At("ca.crt")}};
            ssl_verify_client on;
            ssl_verify_depth 3;
            ssl_protocols TLSv1.2 TLSv1.3;
            location / { return 200 "$ssl_client_s_dn|$ssl_protocol|$server_protocol"; }
            location /files/ { root {{folder}}; }
            location /backend/ {
              proxy_pass http://127.0.0.1:{{backend}};
              proxy_http_version 1.1;
              proxy_request_buffering off;
              proxy_buffering off;
            }
          }
        }
        """;
}
