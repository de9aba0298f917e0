using System.Text;
using Ebb.RabbitMq.Tests.Servers;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ebb.RabbitMq.Tests;

public sealed class RecoveryTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    private const string Busy = """{ "version": "2.0", "extensions": { "queues": { "maxDequeueCount": 4, "visibilityTimeout": "00:00:00.500" } } }""";

    [Fact]
    public async Task Broker_KilledAndRestartedUnderLoad_LosesNothing()
    {
        await using var bench = new Bench(broker.Server);
        await bench.StartTakingAsync(Busy);
        var accepted = new List<string>();
        using var enough = new CancellationTokenSource();
        var sending = SendAsync(bench, accepted, enough.Token);
        await bench.EventuallyAsync(() => bench.Ledger.Ended.Count > 100, "the first hundred");

        await broker.Server.KillAsync();
        await broker.Server.StartAgainAsync();

        var before = bench.Ledger.Ended.Count;
        await bench.EventuallyAsync(() => bench.Ledger.Ended.Count > before + 100, "another hundred");
        await enough.CancelAsync();
        await sending;
        var doomed = accepted.Where(id => id.StartsWith("fail-", StringComparison.Ordinal) && !id.StartsWith("fail-once", StringComparison.Ordinal)).ToHashSet();
        doomed.Count.ShouldBeGreaterThan(5);
        await bench.EventuallyAsync(() => accepted.Where(id => !doomed.Contains(id)).All(bench.Ledger.Ended.ToHashSet().Contains), "every accepted message");
        while (doomed.Count > 0)
        {
            doomed.Remove(IdOf(await bench.TakeAsync($"{bench.Queue}-poison")));
        }
    }

    [Fact]
    public async Task Broker_RestartedWhileARetryWaits_DeliversItAfterwards()
    {
        await using var bench = new Bench(broker.Server);
        const string Slow = """{ "version": "2.0", "extensions": { "queues": { "visibilityTimeout": "00:00:10" } } }""";
        await bench.StartTakingAsync(Slow);
        await bench.WorkAsync("a", "fail-once");
        await bench.EventuallyAsync(() => bench.Ledger.Beginnings("a") == 1, "the first attempt");
        await bench.Host.DisposeAsync();
        await bench.EventuallyAsync(async () => await bench.CountAsync($"{bench.Queue}-retry") == 1, "the message to wait");
        await broker.Server.KillAsync();
        await broker.Server.StartAgainAsync();
        await bench.StartTakingAsync(Slow);
        await bench.EventuallyAsync(() => bench.Ledger.Ended.Contains("a"), "the retry");
        bench.Ledger.Begun.Select(begun => begun.Run).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Connection_Cut_RunningWorkEndsAndItsMessageComesAgain()
    {
        await using var relay = new Relay(broker.Server.Port);
        await using var bench = new Bench(broker.Server);
        await bench.StartTakingAsync(null, $"--RabbitMQ:Uri=amqp://127.0.0.1:{relay.Port}");
        await bench.WorkAsync("a", "wait", properties => properties.MessageId = "a");
        await bench.EventuallyAsync(() => bench.Ledger.Beginnings("a") == 1, "it to run");
        relay.Cut();
        await bench.EventuallyAsync(() => bench.Ledger.Beginnings("a") == 2, "it to come again");
        bench.Ledger.Open("a");
        await bench.EventuallyAsync(() => bench.Ledger.Ended.Count == 2, "both to end");
        bench.Ledger.Begun.Select(begun => begun.Run).Distinct().ShouldHaveSingleItem();
        await bench.Host.DisposeAsync();
        (await bench.CountAsync(bench.Queue)).ShouldBe(0u);
    }

    [Fact]
    public async Task Connection_Silent_IsGivenUpByItsHeartbeat()
    {
        await using var relay = new Relay(broker.Server.Port);
        await using var bench = new Bench(broker.Server);
        await bench.StartTakingAsync(null, $"--RabbitMQ:Uri=amqp://127.0.0.1:{relay.Port}", "--RabbitMQ:Heartbeat=00:00:01");
        relay.Hold();
        await bench.EventuallyAsync(() => bench.Logs.Lines.Any(line => line.Contains("lost RabbitMQ queue")), "the loss");
        relay.Cut();
        relay.Release();
        await bench.WorkAsync("a");
        await bench.EventuallyAsync(() => bench.Ledger.Ended.Contains("a"), "the message");
    }

    [Fact]
    public async Task Start_BrokerNotThereYet_HostRunsAndTakesOnceItIs()
    {
        await using var bench = new Bench(broker.Server);
        await broker.Server.KillAsync();
        try
        {
            await bench.StartAsync();
            await bench.EventuallyAsync(() => bench.Logs.Lines.Any(line => line.Contains("cannot be used")), "the error");
        }
        finally
        {
            await broker.Server.StartAgainAsync();
        }

        await bench.EventuallyAsync(async () => await bench.CountAsync(bench.Queue) == 0, "the queue");
        await bench.WorkAsync("a");
        await bench.EventuallyAsync(() => bench.Ledger.Ended.Contains("a"), "the message");
    }

    private static async Task SendAsync(Bench bench, List<string> accepted, CancellationToken enough)
    {
        IChannel? channel = null;
        for (var number = 0; !enough.IsCancellationRequested; number++)
        {
            var what = number % 10 == 7 ? "fail" : number % 10 == 3 ? "fail-once" : "ok";
            var id = $"{what}-{number}";
            try
            {
                channel ??= await bench.ChannelAsync();
                await channel.BasicPublishAsync(
                    "", bench.Queue, mandatory: true, new BasicProperties { Persistent = true, MessageId = id }, Encoding.UTF8.GetBytes($$"""{"id":"{{id}}","do":"{{what}}"}"""),
                    CancellationToken.None);
                accepted.Add(id);

                // Twice what is needed, and no more than a busy machine can work off in the time that is waited for it.
                await Task.Delay(5, CancellationToken.None);
            }
            catch (Exception e) when (e is OperationInterruptedException or BrokerUnreachableException or PublishException or IOException)
            {
                await (channel?.DisposeAsync() ?? ValueTask.CompletedTask);
                channel = null;
                await Task.Delay(50, CancellationToken.None);
            }
        }
    }

    private static string IdOf(BasicGetResult message) =>
        (string)System.Text.Json.Nodes.JsonNode.Parse(message.Body.Span)!["id"]!;
}
