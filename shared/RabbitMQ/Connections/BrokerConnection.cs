using Ebb.RabbitMq.Configuration;
using Ebb.RabbitMq.Messages;
using Ebb.Worker;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ebb.RabbitMq.Connections;

/// <summary>
/// One connection that is made anew when it is asked for and gone. The client's own recovery is off: it would bring back channels
/// whose delivery tags are stale, and log in with the credentials of the first connection.
/// </summary>
internal sealed partial class BrokerConnection(RabbitMQOptions options, string purpose, OwnUsers own, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    // The broker's own limit (RabbitMQ configuration guide, max_message_size): a smaller one here would end the connection, again and
    // again, instead of poisoning the message.
    private const uint MaxBodyBytes = 512 * 1024 * 1024;

    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CallTime = TimeSpan.FromSeconds(20);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private IConnection? _current;
    private string? _user;

    /// <summary>The user of the newest connection; null where only a client certificate says who it is.</summary>
    public string? User => Volatile.Read(ref _user);

    /// <exception cref="RabbitMQException">The broker cannot be reached or refuses the login.</exception>
    public async ValueTask<IConnection> GetAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _current) is { IsOpen: true } open)
        {
            return open;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_current is not { IsOpen: true })
            {
                await CloseAsync();
                Volatile.Write(ref _current, await ConnectAsync(cancellationToken));
            }

            return _current!;
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _gate.Dispose();
    }

    private async Task<IConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory
        {
            HostName = options.Host,
            Port = options.Port,
            VirtualHost = options.VirtualHost,
            Ssl = BrokerTls.Of(options, time),
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedHeartbeat = options.Heartbeat,
            RequestedConnectionTimeout = ConnectTime,
            ContinuationTimeout = CallTime,
            MaxInboundMessageBodySize = MaxBodyBytes,
            ClientProvidedName = $"ebb {purpose} {Environment.MachineName}",
        };
        var user = BrokerLogin.Apply(factory, options);
        try
        {
            var connection = await factory.CreateConnectionAsync(cancellationToken);
            connection.ConnectionBlockedAsync += (_, blocked) =>
            {
                LogBlocked(logger, Sentence.Of(blocked.Reason));
                return Task.CompletedTask;
            };
            Remember(user);
            LogConnected(logger, options.Address, purpose);
            return connection;
        }
        catch (BrokerUnreachableException e)
        {
            throw new RabbitMQException(
                $"RabbitMQ at {options.Address} cannot be used: {Sentence.Of(e.GetBaseException().Message)} Check the RabbitMQ:… settings, the broker and the way to it.", e);
        }
    }

    private void Remember(string? user)
    {
        Volatile.Write(ref _user, user);
        if (user is not null)
        {
            own.Add(user);
        }
    }

    private async ValueTask CloseAsync()
    {
        if (Interlocked.Exchange(ref _current, null) is { } old)
        {
            await old.AbortAsync(TimeSpan.FromSeconds(2));
            await old.DisposeAsync();
        }
    }
}
