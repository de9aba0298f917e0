using System.Net;
using System.Net.Sockets;
using System.Text;
using Ebb.OpenSsl.Tests.Servers;

namespace Ebb.OpenSsl.Tests;

public sealed class TlsClientStreamTests(Pki pki) : IClassFixture<Pki>
{
    [Fact]
    public async Task Read_ServerKilled_IsTruncatedNotTheEnd()
    {
        await using var server = await OpenSslServer.StartAsync(pki, "server", "-alpn", "h2");
        using var client = TlsClient.Create(pki.Trusting);
        await using var stream = await client.ConnectAsync(server.Name, default);
        var reading = stream.ReadAsync(new byte[100]).AsTask();
        await server.KillAsync();
        (await Should.ThrowAsync<TlsException>(() => reading)).Failure.ShouldBe(TlsFailure.Truncated);
    }

    [Fact]
    public async Task Read_Cancelled_LeavesTheConnectionUsable()
    {
        await using var server = await OpenSslServer.StartAsync(pki, "server", "-alpn", "h2", "-rev");
        using var client = TlsClient.Create(pki.Trusting);
        await using var stream = await client.ConnectAsync(server.Name, default);
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Should.ThrowAsync<OperationCanceledException>(() => stream.ReadAsync(new byte[100], cancel.Token).AsTask());

        await stream.WriteAsync("drawer\n"u8.ToArray());
        (await stream.ReadAsync(Memory<byte>.Empty)).ShouldBe(0);
        (await LineAsync(stream)).ShouldBe("reward\n");
    }

    [Fact]
    public async Task Read_ServerChangesItsKeys_GoesOnBothWays()
    {
        await using var server = await OpenSslServer.StartAsync(pki, "server", "-alpn", "h2", "-tls1_3");
        using var client = TlsClient.Create(pki.Trusting);
        await using var stream = await client.ConnectAsync(server.Name, default);

        // K: new keys, and the same is asked of the client. s_server takes what it reads at once as one command, so the
        // line after it may be lost and is typed again.
        await server.TypeAsync("K");
        var reading = LineAsync(stream);
        while (await Task.WhenAny(reading, Task.Delay(300)) != reading)
        {
            await server.TypeAsync("down");
        }

        (await reading).ShouldBe("down\n");
        await stream.WriteAsync("up\n"u8.ToArray());
        await server.WaitForLineAsync("up");
    }

    [Fact]
    public async Task Write_CancelledHalfWay_LetsNothingMoreBeSent()
    {
        await using var server = await OpenSslServer.StartAsync(pki, "server", "-alpn", "h2", "-rev");
        using var client = TlsClient.Create(pki.Trusting);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Port));
        var connection = new StallingStream(socket);
        await using var stream = await client.AuthenticateAsync(connection, "localhost", default);

        connection.IsStalled = true;
        using var cancel = new CancellationTokenSource();
        var writing = stream.WriteAsync("lost\n"u8.ToArray(), cancel.Token).AsTask();
        await connection.Stalled;
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => writing);
        connection.IsStalled = false;
        (await Should.ThrowAsync<IOException>(() => stream.WriteAsync("more\n"u8.ToArray()).AsTask())).Message.ShouldContain("earlier write");
    }

    [Fact]
    public async Task Dispose_WhileReading_EndsTheRead()
    {
        await using var server = await OpenSslServer.StartAsync(pki, "server", "-alpn", "h2", "-rev");
        using var client = TlsClient.Create(pki.Trusting);
        var stream = await client.ConnectAsync(server.Name, default);
        var reading = stream.ReadAsync(new byte[1]).AsTask();
        await stream.DisposeAsync();
        try
        {
            // The server may have said goodbye by then.
            (await reading.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)).ShouldBe(0);
        }
        catch (Exception) when (reading.IsFaulted || reading.IsCanceled)
        {
            // What else a read hears whose stream is gone.
        }

        reading.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task ReadAndWrite_AfterDisposal_AreRefused()
    {
        await using var server = await OpenSslServer.StartAsync(pki, "server", "-alpn", "h2", "-rev");
        using var client = TlsClient.Create(pki.Trusting);
        var stream = await client.ConnectAsync(server.Name, default);
        await stream.DisposeAsync();
        await Should.ThrowAsync<ObjectDisposedException>(() => stream.ReadAsync(new byte[1]).AsTask());
        await Should.ThrowAsync<ObjectDisposedException>(() => stream.WriteAsync(new byte[1]).AsTask());
    }

    private static async Task<string> LineAsync(TlsClientStream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (!line.ToString().EndsWith('\n'))
        {
            await stream.ReadExactlyAsync(one);
            line.Append((char)one[0]);
        }

        return line.ToString();
    }

    private sealed class StallingStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
    {
        private readonly TaskCompletionSource _stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsStalled { get; set; }

        public Task Stalled => _stalled.Task;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (IsStalled)
            {
                _stalled.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            await base.WriteAsync(buffer, cancellationToken);
        }
    }
}
