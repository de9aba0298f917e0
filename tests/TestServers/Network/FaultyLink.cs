using System.Net;
using System.Net.Sockets;

namespace Ebb.TestServers.Network;

/// <summary>
/// A way to a TCP server that can fail: stalled, it holds every byte back in both directions, as a partition does, and
/// delivers them when it is mended; cut, it resets what is connected and whatever connects.
/// </summary>
public sealed class FaultyLink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _serverPort;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly HashSet<LinkConnection> _connections = [];
    private readonly Task _accepting;
    private TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isCut;

    public FaultyLink(int serverPort)
    {
        _serverPort = serverPort;
        _open.SetResult();
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections there are.</summary>
    public int Connections
    {
        get
        {
            lock (_gate)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>Nothing passes any more; nobody is told.</summary>
    public void Stall()
    {
        lock (_gate)
        {
            if (_open.Task.IsCompleted)
                _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Resets everything, now and until it is mended.</summary>
    public void Cut()
    {
        LinkConnection[] connections;
        lock (_gate)
        {
            _isCut = true;
            connections = [.. _connections];
        }

        foreach (var connection in connections)
            connection.Reset();
    }

    /// <summary>All is well again; what was held back arrives.</summary>
    public void Mend()
    {
        lock (_gate)
        {
            _isCut = false;
            _open.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Cut();
        Mend();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    internal Task WaitUntilOpenAsync()
    {
        lock (_gate)
        {
            return _open.Task;
        }
    }

    private async Task AcceptAsync()
    {
        var passing = new List<Task>();
        try
        {
            while (true)
            {
                var connection = new LinkConnection(this, await _listener.AcceptTcpClientAsync(_stop.Token));
                passing.Add(PassAsync(connection));
                passing.RemoveAll(task => task.IsCompletedSuccessfully);
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(passing);
        }
    }

    private async Task PassAsync(LinkConnection connection)
    {
        using var disposed = connection;
        bool cut;
        lock (_gate)
        {
            _connections.Add(connection);
            cut = _isCut;
        }

        if (cut)
            connection.Reset();
        await connection.PassAsync(_serverPort, _stop.Token);
        lock (_gate)
        {
            _connections.Remove(connection);
        }
    }
}
