using System.Text;
using Ebb.ImageMirror.Tests.Mirroring;
using Ebb.ImageMirror.Tests.Servers;
using Ebb.TestServers.RabbitMQ;
using Ebb.TestServers.Registry;
using Ebb.Worker;

namespace Ebb.ImageMirror.Tests.Processes;

/// <summary>The app with a real broker, between two real registries.</summary>
public sealed class MessageTests(RealRegistries real) : MirrorTest(real)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _queue = $"mirror-{Guid.NewGuid():N}";

    [Fact]
    public async Task Message_OverRabbitMQ_MirrorsAndAWrongOneEndsInThePoisonQueueWithItsReason()
    {
        var image = TestImage.Create(300);
        await Bench.PushAsync("alpine", image, "3.21");
        Bench.WriteList($"- {{ source: {Bench.Source.Host}/{Bench.Prefix}/alpine, regex: '3[.].*' }}");
        await using var broker = await Broker.StartAsync();
        await using var host = await FunctionHost.StartAsync(
            [.. Settings(broker)], [new ImageMirrorApp()], new HostEnvironment { WorkingDirectory = Bench.Folder, Output = TextWriter.Null, Error = TextWriter.Null }, Token);
        await using var client = await BrokerClient.ConnectAsync(broker, Token);

        await client.SendAsync(_queue, """{"images":[{"name":"../../x","tags":[]}]}""", Token);
        await client.SendAsync(_queue, """{"images":[{"name":"alpine","tags":["3.21"]}]}""", Token);

        var poisoned = await client.TakeAsync($"{_queue}-poison", Token);
        Encoding.UTF8.GetString((byte[])poisoned.BasicProperties.Headers!["x-ebb-reason"]!).ShouldContain("images[0].name: name '../../x'");
        (await EventuallyAsync(() => Bench.TargetDigestAsync("alpine", "3.21"))).ShouldBe(image.Index.Digest);
        await EventuallyAsync(async () => (await Bench.MissingSignaturesAsync("alpine", image.Index.Digest)).Count == 0 ? "signed" : null);
    }

    private IEnumerable<string> Settings(RabbitMqServer broker) =>
    [
        $"--Storage=sqlite:{System.IO.Path.Combine(Bench.Folder, "storage")}/ebb.db", "--urls=http://127.0.0.1:0", $"--RabbitMQ:Uri={broker.Uri}",
        $"--ImageMirror:RabbitMQQueue={_queue}", $"--ImageMirror:ImagesFile={Bench.ListFile}", $"--ImageMirror:Target={Bench.TargetPlace}", $"--Signing:Key={Bench.KeyFile}",
    ];

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
                // Not there yet.
            }

            limit.IsCancellationRequested.ShouldBeFalse($"not within {Patience}");
            await Task.Delay(50, Token);
        }
    }
}
