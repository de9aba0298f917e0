using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Ebb.Vault.Tests;

/// <summary>Answers every request with the same bytes and closes the connection.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public RawServer(string answer, X509Certificate2? certificate = null)
    {
        _listener.Start();
        _loop = RunAsync(Encoding.ASCII.GetBytes(answer), certificate);
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(byte[] answer, X509Certificate2? certificate)
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await ServeAsync(client, answer, certificate);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(TcpClient client, byte[] answer, X509Certificate2? certificate)
    {
        try
        {
            await using var stream = certificate is null ? (Stream)client.GetStream() : await HandshakeAsync(client, certificate);
            _ = await stream.ReadAtLeastAsync(new byte[16 * 1024], 1, throwOnEndOfStream: false, _stop.Token);
            await stream.WriteAsync(answer, _stop.Token);
        }
        catch (Exception exception) when (exception is IOException or System.Security.Authentication.AuthenticationException)
        {
            // The client gave up, which is what some tests are about.
        }
    }

    private async Task<Stream> HandshakeAsync(TcpClient client, X509Certificate2 certificate)
    {
        var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, _stop.Token);
        return stream;
    }
}
