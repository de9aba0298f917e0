using Ebb.TestServers.Postgres;

namespace Ebb.EndToEnd.Tests.Scaling;

/// <summary>One PostgreSQL for all tests of scaling; each has a schema of its own.</summary>
public sealed class ScalingDatabase : IAsyncLifetime
{
    private PostgresServer? _server;

    internal PostgresServer Server => Peer.Of(_server, PostgresServer.Missing);

    public async ValueTask InitializeAsync() => _server = PostgresServer.IsInstalled ? await PostgresServer.StartAsync() : null;

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    internal StageOptions Options() => new() { Storage = Server.Url() };
}
