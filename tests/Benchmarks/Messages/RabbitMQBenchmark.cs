using System.Globalization;
using System.Text.Json;
using Ebb.TestServers.RabbitMQ;
using Ebb.Worker;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Ebb.Benchmarks.Messages;

/// <summary>
/// Messages a second of the trigger and of a bare consumer that reads each message and acknowledges it by hand: same broker, same kind of
/// queue, same prefetch, in turn.
/// </summary>
internal static class RabbitMQBenchmark
{
    private const ushort Prefetch = 30;
    private static readonly int Messages = Settings.Count(20_000, smoke: 500);

    public static async Task RunAsync()
    {
        await using var server = await RabbitMqServer.StartAsync();
        await using var connection = await new ConnectionFactory { Uri = new Uri(server.Uri) }.CreateConnectionAsync();
        List<double> bare = [], trigger = [];
        for (var round = 0; round <= Settings.Rounds; round++)
        {
            var (bareRound, triggerRound) = (await BareAsync(connection), await TriggerAsync(connection, server));
            if (round > 0)
            {
                // The first warms up.
                bare.Add(bareRound);
                trigger.Add(triggerRound);
            }
        }

        var (bareMedian, triggerMedian) = (Median(bare), Median(trigger));
        var table = new MarkdownTable("RabbitMQ, one quorum queue", "messages a second", "times the bare consumer");
        table.Add("bare consumer, manual acknowledgement", Shown(bareMedian, "N0"), "1.00");
        table.Add("RabbitMQTrigger, every run recorded", Shown(triggerMedian, "N0"), Shown(triggerMedian / bareMedian, "N2"));
        table.Print();
    }

    private static async Task<double> BareAsync(IConnection connection)
    {
        var queue = await FillAsync(connection);
        var counter = new Counter(Messages);
        await using var channel = await connection.CreateChannelAsync();
        await channel.BasicQosAsync(0, Prefetch, global: false);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            JsonSerializer.Deserialize(delivery.Body.Span, CountingJson.Default.Order);
            counter.Handled();
            await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false);
        };
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer);
        var perSecond = await counter.PerSecondAsync();
        await channel.QueueDeleteAsync(queue);
        return perSecond;
    }

    private static async Task<double> TriggerAsync(IConnection connection, RabbitMqServer server)
    {
        var queue = await FillAsync(connection);
        var counter = new Counter(Messages);
        var directory = Directory.CreateDirectory(Path.Combine(Settings.Scratch, queue)).FullName;
        await File.WriteAllTextAsync(Path.Combine(directory, "host.json"), string.Create(CultureInfo.InvariantCulture,
            $$"""{ "version": "2.0", "logging": { "logLevel": { "default": "Warning" } }, "extensions": { "rabbitMQ": { "prefetchCount": {{Prefetch}} } } }"""));
        await using var host = await FunctionHost.StartAsync(
            [$"--Storage=sqlite:{directory}/store/ebb.db", $"--RabbitMQ:Uri={server.Uri}", $"--Benchmark:Queue={queue}", "--urls=http://127.0.0.1:0"],
            [new CountingApp(counter)], new HostEnvironment { WorkingDirectory = directory }, CancellationToken.None);
        return await counter.PerSecondAsync();
    }

    /// <summary>A queue as the trigger declares it, with all messages in it.</summary>
    private static async Task<string> FillAsync(IConnection connection)
    {
        var queue = $"bench-{Guid.NewGuid():N}";
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        await channel.QueueDeclareAsync($"{queue}-poison", durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum", ["x-delivery-limit"] = 1_000_000_000 });
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?>
        {
            ["x-queue-type"] = "quorum",
            ["x-delivery-limit"] = 100,
            ["x-dead-letter-exchange"] = "",
            ["x-dead-letter-routing-key"] = $"{queue}-poison",
            ["x-dead-letter-strategy"] = "at-least-once",
            ["x-overflow"] = "reject-publish",
        });
        await Task.Delay(TimeSpan.FromSeconds(1));
        var body = JsonSerializer.SerializeToUtf8Bytes(new Order("4711", "someone", [.. Enumerable.Range(0, 40)]), CountingJson.Default.Order);
        var sent = new List<Task>(Messages);
        for (var number = 0; number < Messages; number++)
        {
            var properties = new BasicProperties { Persistent = true, MessageId = $"{queue}-{number}" };
            sent.Add(channel.BasicPublishAsync("", queue, mandatory: true, properties, body).AsTask());
        }

        await Task.WhenAll(sent);
        return queue;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Shown(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
