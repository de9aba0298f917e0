using Ebb.RabbitMq.Tests.Servers;
using RabbitMQ.Client;

namespace Ebb.RabbitMq.Tests;

public sealed class TopologyTests(BrokerFixture broker)
{
    [Fact]
    public async Task Queue_DeclaredDifferently_IsAClearErrorUntilItIsMended()
    {
        await using var bench = new Bench(broker.Server);
        await using (var channel = await bench.ChannelAsync())
        {
            await channel.QueueDeclareAsync(bench.Queue, durable: true, exclusive: false, autoDelete: false);
        }

        await bench.StartAsync();
        await bench.EventuallyAsync(() => bench.Logs.Lines.Any(line => line.Contains("declared differently by its owner")), "the error");
        var line = bench.Logs.Lines.First(line => line.Contains("declared differently"));
        line.ShouldContain("x-queue-type");
        line.ShouldContain($"Add '{bench.Queue}' to RabbitMQ:PassiveQueues");
        line.ShouldContain("Function 'Work'");

        await using (var channel = await bench.ChannelAsync())
        {
            await channel.QueueDeleteAsync(bench.Queue);
        }

        await bench.EventuallyAsync(async () => await bench.CountAsync(bench.Queue) == 0, "the queue");
        await bench.WorkAsync("a");
        await bench.EventuallyAsync(() => bench.Ledger.Ended.Contains("a"), "the message");
    }

    [Fact]
    public async Task Queue_OfItsOwner_IsUsedAsItIsAndStillRetriesAndPoisons()
    {
        await using var bench = new Bench(broker.Server);
        await using var channel = await bench.ChannelAsync();
        await channel.QueueDeclareAsync(bench.Queue, durable: true, exclusive: false, autoDelete: false);
        await bench.StartTakingAsync(null, $"--RabbitMQ:Uri={broker.Server.Uri}", $"--RabbitMQ:PassiveQueues=other, {bench.Queue}");
        await bench.WorkAsync("a", "fail");
        await bench.TakeAsync($"{bench.Queue}-poison");
        bench.Ledger.Beginnings("a").ShouldBe(3);
    }

    [Fact]
    public async Task Queue_PassiveButMissing_IsNamedAndTakenOnceItsOwnerDeclaredIt()
    {
        await using var bench = new Bench(broker.Server);
        await bench.StartAsync(null, $"--RabbitMQ:Uri={broker.Server.Uri}", $"--RabbitMQ:PassiveQueues={bench.Queue}");
        await bench.EventuallyAsync(() => bench.Logs.Lines.Any(line => line.Contains($"'{bench.Queue}' does not exist")), "the error");
        await using var channel = await bench.ChannelAsync();
        await channel.QueueDeclareAsync(bench.Queue, durable: true, exclusive: false, autoDelete: false);
        await bench.WorkAsync("a");
        await bench.EventuallyAsync(() => bench.Ledger.Ended.Contains("a"), "the message");
    }

    [Fact]
    public async Task Queue_Deleted_IsDeclaredAndTakenAgain()
    {
        await using var bench = new Bench(broker.Server);
        await bench.StartTakingAsync();
        await using var channel = await bench.ChannelAsync();
        await channel.QueueDeleteAsync(bench.Queue);
        await bench.EventuallyAsync(async () => await bench.CountAsync(bench.Queue) == 0, "the queue");
        await bench.WorkAsync("a");
        await bench.EventuallyAsync(() => bench.Ledger.Ended.Contains("a"), "the message");
    }

    [Fact]
    public async Task Message_ReturnedByDyingConsumers_IsPoisonedWithoutRunning()
    {
        await using var bench = new Bench(broker.Server);
        await bench.StartTakingAsync();
        await bench.Host.DisposeAsync();
        await bench.WorkAsync("a");
        for (var death = 0; death < 3; death++)
        {
            await using var channel = await bench.ChannelAsync();
            await bench.EventuallyAsync(async () => await channel.BasicGetAsync(bench.Queue, autoAck: false) is not null, "the message");
        }

        await bench.StartAsync();
        var poisoned = await bench.TakeAsync($"{bench.Queue}-poison");
        System.Text.Encoding.UTF8.GetString((byte[])poisoned.BasicProperties.Headers!["x-ebb-error-type"]!).ShouldBe("TooManyAttempts");
        bench.Ledger.Beginnings("a").ShouldBe(0);
    }

    [Fact]
    public async Task Message_BeyondTheDeliveryLimit_EndsInThePoisonQueue()
    {
        await using var bench = new Bench(broker.Server);
        await bench.StartTakingAsync();
        await bench.Host.DisposeAsync();
        await bench.WorkAsync("a");
        await using var channel = await bench.ChannelAsync();
        for (var delivery = 0; delivery <= 100; delivery++)
        {
            BasicGetResult? taken = null;
            await bench.EventuallyAsync(async () => (taken = await channel.BasicGetAsync(bench.Queue, autoAck: false)) is not null, "the message");
            await channel.BasicNackAsync(taken!.DeliveryTag, multiple: false, requeue: true);
        }

        await bench.TakeAsync($"{bench.Queue}-poison");
    }
}
