using Ebb.RabbitMq.Tests.Servers;
using Ebb.TestServers.RabbitMQ;

[assembly: AssemblyFixture(typeof(BrokerFixture))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Ebb.RabbitMq.Tests.Servers;

/// <summary>
/// One broker for the whole run: it takes seconds to start and hundreds of megabytes. Tests have queues of their own. Those that kill it have
/// one of their class, so that the others do not meet what a restart leaves behind.
/// </summary>
public sealed class BrokerFixture : IAsyncLifetime
{
    private readonly TlsFiles _tls = new();
    private RabbitMqServer? _server;

    public TlsFiles Tls => _tls;

    public RabbitMqServer Server => Peer.Of(_server, RabbitMqServer.Missing);

    public async ValueTask InitializeAsync()
    {
        if (RabbitMqServer.Program is not null)
        {
            _server = await RabbitMqServer.StartAsync(_tls);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _tls.Dispose();
    }
}
