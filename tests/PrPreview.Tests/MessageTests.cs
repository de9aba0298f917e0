using System.Text;
using Ebb.Contracts;
using Ebb.Contracts.Previews;
using Ebb.PrPreview.Tests.Servers;
using Ebb.TestServers.RabbitMQ;
using RabbitMQ.Client;

namespace Ebb.PrPreview.Tests;

/// <summary>The app with a real broker.</summary>
public sealed class MessageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _queue = $"previews-{Guid.NewGuid():N}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Message_OverRabbitMQ_BringsAPreviewUpAndAWrongOneEndsInThePoisonQueueWithItsReason()
    {
        await using var broker = await StartBrokerAsync();
        await using var bench = await PreviewBench.StartAsync(settings: [("RabbitMQ:Uri", broker.Uri), ("RabbitMQQueue", _queue)]);
        bench.Open();
        await using var connection = await ConnectAsync(broker);

        await SendAsync(connection, """{"host":"gitea","repository":{"id":"42","fullName":"acme/shop"},"number":0}""");
        await SendAsync(connection, """{"host":"gitea","repository":{"id":"42","fullName":"acme/shop"},"number":7}""");

        var poisoned = await EventuallyAsync(async () =>
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: Token);
            return await channel.BasicGetAsync($"{_queue}-poison", autoAck: true, Token);
        });
        Encoding.UTF8.GetString((byte[])poisoned.BasicProperties.Headers!["x-ebb-reason"]!).ShouldContain("number");
        await bench.UntilAsync("shop-pr-7", one => one.State is PreviewState.Ready);
    }

    [Fact]
    public async Task Message_OverRabbitMQ_AsksForTheEndOfOneAndIsFollowedByItsRun()
    {
        await using var broker = await StartBrokerAsync();
        await using var bench = await PreviewBench.StartAsync(settings: [("RabbitMQ:Uri", broker.Uri), ("RabbitMQQueue", _queue)]);
        await bench.ReportOfAsync(await bench.SendAsync(bench.Open()));
        await using var connection = await ConnectAsync(broker);

        await SendAsync(connection, """{"action":"remove","app":"shop","number":7}""");

        await bench.UntilAsync("shop-pr-7", one => one is { State: PreviewState.Removed, Removal: RemovalReason.ByHand });
        bench.IsGone("shop-pr-7").ShouldBeTrue();
        await EventuallyAsync(async () => await bench.Storage.Queues.CountAsync(Queues.Previews, Token) is { Ready: 0, Running: 0, Poisoned: 0 } ? "done" : null);
    }

    private static async Task<RabbitMqServer> StartBrokerAsync()
    {
        if (RabbitMqServer.Program is null)
        {
            const string Missing = "There is no rabbitmq-server: install Debian's package, or name it in EBB_RABBITMQ_SERVER.";
            Environment.GetEnvironmentVariable("EBB_REQUIRE_PEERS").ShouldNotBe("1", Missing);
            Assert.Skip(Missing);
        }

        return await RabbitMqServer.StartAsync();
    }

    // Beside other tests a broker that has just started may take longer than a client waits.
    private static Task<IConnection> ConnectAsync(RabbitMqServer broker) =>
        EventuallyAsync<IConnection>(async () => await new ConnectionFactory { Uri = new Uri(broker.Uri) }.CreateConnectionAsync(Token));

    /// <summary>Sends once the app has declared its queue.</summary>
    private async Task SendAsync(IConnection connection, string body) => await EventuallyAsync(async () =>
    {
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Token);
        await channel.BasicPublishAsync("", _queue, mandatory: true, new BasicProperties { Persistent = true }, Encoding.UTF8.GetBytes(body), Token);
        return "sent";
    });

    private static async Task<T> EventuallyAsync<T>(Func<Task<T?>> attempt)
        where T : class
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                if (await attempt() is { } result)
                {
                    return result;
                }
            }
            catch (Exception e) when (!limit.IsCancellationRequested && e is not OperationCanceledException)
            {
                // Not declared yet, or not there yet.
            }

            limit.IsCancellationRequested.ShouldBeFalse($"not within {Patience}");
            await Task.Delay(50, Token);
        }
    }
}
