using Ebb.RabbitMq.Configuration;
using Ebb.RabbitMq.Messages;
using Ebb.RabbitMq.Publishing;
using Microsoft.Extensions.Logging;

namespace Ebb.RabbitMq.Connections;

/// <summary>
/// The configured broker: a connection for taking and one for sending, because a broker short of memory or disk stops reading from
/// connections that send, and acknowledgements must go on.
/// </summary>
internal sealed class Broker : IAsyncDisposable
{
    private readonly BrokerConnection _sending;

    public Broker(RabbitMQOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        Options = options;
        Time = time;
        Logger = loggers.CreateLogger("Ebb.RabbitMQ");
        Taking = new(options, "taking", OwnUsers, time, Logger);
        _sending = new(options, "sending", OwnUsers, time, Logger);
        Publisher = new(_sending, options, time);
    }

    public RabbitMQOptions Options { get; }

    public OwnUsers OwnUsers { get; } = new();

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    public BrokerConnection Taking { get; }

    public BrokerPublisher Publisher { get; }

    public async ValueTask DisposeAsync()
    {
        await Publisher.DisposeAsync();
        await _sending.DisposeAsync();
        await Taking.DisposeAsync();
    }
}
