using System.Text;
using Ebb.Contracts;
using Ebb.Contracts.Previews;
using Ebb.PrPreview.Tests.Servers;
using Ebb.TestServers.RabbitMQ;

namespace Ebb.PrPreview.Tests;

/// <summary>The app with a real broker.</summary>
public sealed class MessageTests
{
    private readonly string _queue = $"previews-{Guid.NewGuid():N}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Message_OverRabbitMQ_BringsAPreviewUpAndAWrongOneEndsInThePoisonQueueWithItsReason()
    {
        await using var broker = await StartBrokerAsync();
        await using var bench = await PreviewBench.StartAsync(settings: [("RabbitMQ:Uri", broker.Uri), ("RabbitMQQueue", _queue)]);
        bench.Open();
        await using var client = await BrokerClient.ConnectAsync(broker, Token);

        await client.SendAsync(_queue, """{"host":"gitea","repository":{"id":"42","fullName":"acme/shop"},"number":0}""", Token);
        await client.SendAsync(_queue, """{"host":"gitea","repository":{"id":"42","fullName":"acme/shop"},"number":7}""", Token);

        var poisoned = await client.TakeAsync($"{_queue}-poison", Token);
        Encoding.UTF8.GetString((byte[])poisoned.BasicProperties.Headers!["x-ebb-reason"]!).ShouldContain("number");
        await bench.UntilAsync("shop-pr-7", one => one.State is PreviewState.Ready);
    }

    [Theory]
    [InlineData("""{"action":"renew","app":"shop","number":7,"expiringBefore":"2099-01-01T00:00:00Z"}""")]
    [InlineData("""{"action":"check","app":"shop","number":7}""")]
    public async Task Message_OverRabbitMQ_AsksForWhatOnlyTheReaperMay_EndsInThePoisonQueue(string body)
    {
        await using var broker = await StartBrokerAsync();
        await using var bench = await PreviewBench.StartAsync(settings: [("RabbitMQ:Uri", broker.Uri), ("RabbitMQQueue", _queue)]);
        await using var client = await BrokerClient.ConnectAsync(broker, Token);

        await client.SendAsync(_queue, body, Token);

        var poisoned = await client.TakeAsync($"{_queue}-poison", Token);
        Encoding.UTF8.GetString((byte[])poisoned.BasicProperties.Headers!["x-ebb-reason"]!).ShouldContain("from outside");
    }

    [Fact]
    public async Task Message_OverRabbitMQ_AsksForTheEndOfOneAndIsFollowedByItsRun()
    {
        await using var broker = await StartBrokerAsync();
        await using var bench = await PreviewBench.StartAsync(settings: [("RabbitMQ:Uri", broker.Uri), ("RabbitMQQueue", _queue)]);
        await bench.ReportOfAsync(await bench.SendAsync(bench.Open()));
        await using var client = await BrokerClient.ConnectAsync(broker, Token);

        await client.SendAsync(_queue, """{"action":"remove","app":"shop","number":7}""", Token);

        await bench.UntilAsync("shop-pr-7", one => one is { State: PreviewState.Removed, Removal: RemovalReason.ByHand });
        bench.IsGone("shop-pr-7").ShouldBeTrue();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (await bench.Storage.Queues.CountAsync(Queues.Previews, Token) is not { Ready: 0, Running: 0, Poisoned: 0 })
        {
            await Task.Delay(50, limit.Token);
        }
    }

    private static async Task<RabbitMqServer> StartBrokerAsync()
    {
        Peer.Require(RabbitMqServer.Program is not null, RabbitMqServer.Missing);
        return await RabbitMqServer.StartAsync();
    }
}
