using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ebb.TestServers.Network;

/// <summary>
/// A forward proxy as companies put before the internet: CONNECT (RFC 9110, section 9.3.6) and requests in absolute form (RFC 9112, section
/// 3.2.2), each written down. It takes every host to be a server of this machine, wants a login, or refuses, as it is told.
/// </summary>
public sealed class ForwardProxy : IAsyncDisposable
{
    private const string Page = "<html><body>Access denied by the web gateway</body></html>";
    private const int MaxHeadBytes = 64 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _requests = [];
    private readonly ConcurrentQueue<string> _heads = [];
    private readonly Task _accepting;

    public ForwardProxy()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Host and port, as a variable may name it.</summary>
    public string Authority => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>What was asked for, such as <c>CONNECT vault.test:8200</c> or <c>GET http://vault.test/v1/sys/health</c>.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>The whole heads of the requests.</summary>
    public IReadOnlyList<string> Heads => [.. _heads];

    /// <summary>Answers everything with this status and a page for people; null: it lets through.</summary>
    public int? Refusal { get; set; }

    /// <summary>The login it wants, as <c>user:password</c>; null: none.</summary>
    public string? Login { get; set; }

    /// <summary>Which server of this machine a host stands for; null: the port that was asked for.</summary>
    public Func<string, int>? PortOf { get; set; }

    public async ValueTask DisposeAsync()
    {
        if (!_stop.IsCancellationRequested)
        {
            await _stop.CancelAsync();
            _listener.Dispose();
            await _accepting;
        }
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            var stream = client.GetStream();
            while (await ReadHeadAsync(stream) is { } head)
            {
                var (method, target) = Record(head);
                if (Login is { } login && !head.Contains($"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(login))}", StringComparison.OrdinalIgnoreCase))
                {
                    await AnswerAsync(stream, 407, "Proxy-Authenticate: Basic realm=\"gateway\"\r\n");
                    continue;
                }

                if (Refusal is { } status)
                {
                    await AnswerAsync(stream, status, "");
                    continue;
                }

                await ForwardAsync(stream, head, method, target);
                return;
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // Either side went away, as sides do.
        }
    }

    private (string Method, string Target) Record(string head)
    {
        var line = head[..head.IndexOf("\r\n", StringComparison.Ordinal)].Split(' ');
        _heads.Enqueue(head);
        _requests.Enqueue($"{line[0]} {line[1]}");
        return (line[0], line[1]);
    }

    private async Task ForwardAsync(NetworkStream stream, string head, string method, string target)
    {
        var uri = new Uri(method == "CONNECT" ? $"tunnel://{target}" : target);
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, PortOf?.Invoke(uri.Host) ?? uri.Port, _stop.Token);
        var there = server.GetStream();
        await (method == "CONNECT"
            ? WriteAsync(stream, "HTTP/1.1 200 Connection established\r\n\r\n")
            : WriteAsync(there, head.Replace($" {target} ", $" {uri.PathAndQuery} ", StringComparison.Ordinal).Insert(head.IndexOf("\r\n", StringComparison.Ordinal) - target.Length + uri.PathAndQuery.Length + 2, "Connection: close\r\n")));
        await Task.WhenAny(stream.CopyToAsync(there, _stop.Token), there.CopyToAsync(stream, _stop.Token));
    }

    private Task AnswerAsync(NetworkStream stream, int status, string headers) =>
        WriteAsync(stream, $"HTTP/1.1 {status} {(HttpStatusCode)status}\r\n{headers}Content-Type: text/html; charset=utf-8\r\nContent-Length: {Page.Length}\r\n\r\n{Page}");

    private Task WriteAsync(NetworkStream stream, string text) => stream.WriteAsync(Encoding.ASCII.GetBytes(text), _stop.Token).AsTask();

    private async Task<string?> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (head.Length < MaxHeadBytes && await stream.ReadAsync(one, _stop.Token) == 1)
        {
            head.Append((char)one[0]);
            if (one[0] == '\n' && head.Length > 4 && head.ToString(head.Length - 4, 4) == "\r\n\r\n")
            {
                return head.ToString();
            }
        }

        return null;
    }
}
