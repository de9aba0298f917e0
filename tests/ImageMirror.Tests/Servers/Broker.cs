using Ebb.TestServers.RabbitMQ;

namespace Ebb.ImageMirror.Tests.Servers;

/// <summary>A real RabbitMQ for one test, which is skipped where there is none.</summary>
internal static class Broker
{
    public static async Task<RabbitMqServer> StartAsync()
    {
        if (RabbitMqServer.Program is null)
        {
            Environment.GetEnvironmentVariable("EBB_REQUIRE_PEERS").ShouldNotBe("1", RabbitMqServer.Missing);
            Assert.Skip(RabbitMqServer.Missing);
        }

        return await RabbitMqServer.StartAsync();
    }
}
