using Ebb.TestServers.RabbitMQ;

namespace Ebb.ImageMirror.Tests.Servers;

/// <summary>A real RabbitMQ for one test, which is skipped where there is none.</summary>
internal static class Broker
{
    public static async Task<RabbitMqServer> StartAsync()
    {
        Peer.Require(RabbitMqServer.Program is not null, RabbitMqServer.Missing);
        return await RabbitMqServer.StartAsync();
    }
}
