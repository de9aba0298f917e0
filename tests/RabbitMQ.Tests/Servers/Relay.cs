using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Ebb.RabbitMq.Tests.Servers;

/// <summary>A line to the broker that can be cut, or held so that nothing passes and nothing closes.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> _ends = [];
    private readonly CancellationTokenSource _closing = new();
    private readonly int _target;
    private readonly Task _accepting;
    private volatile TaskCompletionSource _passing = Open();

    public Relay(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Nothing passes from now on, in either direction.</summary>
    public void Hold() => _passing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => _passing.TrySetResult();

    /// <summary>Ends every connection there is.</summary>
    public void Cut()
    {
        while (_ends.TryTake(out var end))
        {
            if (end.Client is { } socket)
            {
                socket.LingerState = new LingerOption(true, 0);
            }

            end.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        Release();
        Cut();
        await _accepting;
        _listener.Dispose();
        _closing.Dispose();
    }

    private static TaskCompletionSource Open()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptTcpClientAsync(_closing.Token);
                var far = new TcpClient();
                _ends.Add(near);
                _ends.Add(far);
                _ = PassAsync(near, far);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task PassAsync(TcpClient near, TcpClient far)
    {
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _target);
            await Task.WhenAny(CopyAsync(near, far), CopyAsync(far, near));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // Cut.
        }

        near.Dispose();
        far.Dispose();
    }

    private async Task CopyAsync(TcpClient from, TcpClient to)
    {
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await from.GetStream().ReadAsync(buffer)) > 0)
        {
            await _passing.Task;
            await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
        }
    }
}
