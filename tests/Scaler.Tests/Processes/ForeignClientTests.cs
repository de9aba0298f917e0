using Ebb.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Scaler.Tests.Processes;

/// <summary>The real process and a client that is not ours.</summary>
public sealed class ForeignClientTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ebb-scaler-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task AllFourMethods_AgainstTheProcess_AnswerAsKedaExpects()
    {
        await SeedAsync();
        await using var scaler = await StartAsync();

        var answer = await ForeignClient.RunAsync(scaler.GrpcPort, "call", ForeignClient.Metadata("app=mirror", "queues=images", "target=5", "scalerAddress=x:9090"));
        answer.GetProperty("active").GetBoolean().ShouldBeTrue();
        (answer.GetProperty("metric").GetString(), answer.GetProperty("valueOf").GetString()).ShouldBe(("ebb-mirror", "ebb-mirror"));
        (answer.GetProperty("target").GetDouble(), answer.GetProperty("targetWhole").GetInt64()).ShouldBe((5, 5));
        (answer.GetProperty("value").GetDouble(), answer.GetProperty("valueWhole").GetInt64()).ShouldBe((2, 2));

        var idle = await ForeignClient.RunAsync(scaler.GrpcPort, "call", ForeignClient.Metadata("app=other", "queues=nothing"));
        (idle.GetProperty("active").GetBoolean(), idle.GetProperty("value").GetDouble()).ShouldBe((false, 0));

        await using var stream = ForeignClient.Start(scaler.GrpcPort, "follow", ForeignClient.Metadata("app=mirror", "queues=images"));
        (await stream.NextAsync()).GetProperty("opened").GetBoolean().ShouldBeTrue();
        (await stream.NextAsync()).GetProperty("pushed").GetBoolean().ShouldBeTrue();
        (await stream.NextAsync()).GetProperty("pushed").GetBoolean().ShouldBeTrue("it is repeated while work is there");

        (await scaler.MetricsAsync()).ShouldContain("ebb_queue_messages{queue=\"images\",state=\"ready\"} 2\n");
        scaler.Log.ShouldContain("\"EventId\":1060");
    }

    [Fact]
    public async Task Sigterm_WithAnOpenStream_EndsItWithOkAndTheProcessWithZero()
    {
        await using var scaler = await StartAsync();
        await using var stream = ForeignClient.Start(scaler.GrpcPort, "follow", ForeignClient.Metadata("app=mirror", "queues=images"));
        (await stream.NextAsync()).GetProperty("opened").GetBoolean().ShouldBeTrue();
        (await scaler.TerminateAsync()).ShouldBe(0, scaler.Log);
        (await stream.NextAsync()).GetProperty("status").GetString().ShouldBe("OK");
    }

    [Fact]
    public async Task MetadataWithTypos_IsRefusedWithEveryMistake()
    {
        await using var scaler = await StartAsync();
        foreach (var command in new[] { "call", "follow" })
        {
            await using var client = ForeignClient.Start(
                scaler.GrpcPort, command, ForeignClient.Metadata("ap=mirror", "queues=images", "timers=A=0 0 25 * * *", "lead=soon"));
            var answer = await client.NextAsync();
            if (answer.TryGetProperty("opened", out _))
            {
                // grpcio takes the end of a stream for its beginning too.
                answer = await client.NextAsync();
            }

            answer.GetProperty("status").GetString().ShouldBe("INVALID_ARGUMENT");
            var detail = answer.GetProperty("detail").GetString()!;
            detail.ShouldContain("platform/worker has 4 mistake(s)");
            detail.ShouldContain("did you mean 'app'?");
            detail.ShouldContain("'timers', A: '0 0 25 * * *' is no schedule");
            detail.ShouldContain("'lead' is 'soon'");
        }
    }

    private Task<ScalerExecutable> StartAsync() =>
        ScalerExecutable.StartAsync(new Dictionary<string, string> { ["Storage"] = $"sqlite:{_directory}/ebb.db" });

    private async Task SeedAsync()
    {
        await using var storage = await HostStorage.OpenAsync(
            new() { Storage = $"sqlite:{_directory}/ebb.db" }, TimeProvider.System, NullLoggerFactory.Instance, default);
        await storage.Queues.EnqueueAsync(new() { Queue = "images", Body = "{}" }, default);
        await storage.Queues.EnqueueAsync(new() { Queue = "images", Body = "{}" }, default);
    }
}
