using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Ebb.Storage;
using Ebb.TestServers.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Scaler.Tests.Processes;

/// <summary>The real process, a real database, a client that is not ours.</summary>
public sealed class PostgresTests
{
    private static readonly IEnumerable<string> Worker = ForeignClient.Metadata("app=mirror", "queues=images");

    [Fact]
    public async Task Stream_AnEnqueueByAnotherProcess_IsPushed_AlsoAfterTheDatabaseWasKilled()
    {
        await using var database = await StartAsync();
        await using var storage = await OpenAsync(database);
        await using var scaler = await ScalerAsync(database.Url());
        await scaler.UntilItSaysAsync("Host storage is open");
        await using var stream = ForeignClient.Start(scaler.GrpcPort, "follow", Worker);
        (await stream.NextAsync()).GetProperty("opened").GetBoolean().ShouldBeTrue();
        await storage.Queues.EnqueueAsync(new() { Queue = "images", Body = "{}" }, default);
        (await stream.NextAsync()).GetProperty("pushed").GetBoolean().ShouldBeTrue();

        await database.KillAsync();

        // What was read a moment ago, or a backend that outlives its postmaster for a moment, may still answer.
        var answer = await AnswerAsync(scaler, "status");
        answer.GetProperty("status").GetString().ShouldBe("UNAVAILABLE");
        answer.GetProperty("detail").GetString()!.ShouldContain("its replicas stay as they are");

        await database.StartAgainAsync();
        (await stream.NextAsync()).GetProperty("pushed").GetBoolean().ShouldBeTrue("the message is still there, and the stream lives on");
        await AnswerAsync(scaler, "active");
    }

    [Fact]
    public async Task Start_WithoutItsDatabase_SaysSoAndWorksWhenItComes()
    {
        await using var database = await StartAsync();
        await database.StopAsync();
        await using var scaler = await ScalerAsync(database.Url());
        await using var stream = ForeignClient.Start(scaler.GrpcPort, "follow", Worker);
        (await stream.NextAsync()).GetProperty("opened").GetBoolean().ShouldBeTrue();
        var answer = await ForeignClient.RunAsync(scaler.GrpcPort, "call", [.. Worker, "--timeout", "30"]);
        answer.GetProperty("status").GetString().ShouldBe("UNAVAILABLE");
        answer.GetProperty("detail").GetString()!.ShouldContain("Host storage is not open yet");
        (await scaler.MetricsAsync()).ShouldContain("ebb_scaler_storage_up 0");

        await database.StartAgainAsync();
        await AnswerAsync(scaler, "active");
        await using var storage = await OpenAsync(database);
        await storage.Queues.EnqueueAsync(new() { Queue = "images", Body = "{}" }, default);
        (await stream.NextAsync()).GetProperty("pushed").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task ADatabaseThatAnswersNothing_IsUnavailable()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var scaler = await ScalerAsync($"postgres://ebb@127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/ebb?sslmode=disable");
        var answer = await ForeignClient.RunAsync(scaler.GrpcPort, "call", [.. Worker, "--timeout", "30"]);
        answer.GetProperty("status").GetString().ShouldBe("UNAVAILABLE");
        (await scaler.TerminateAsync()).ShouldBe(0, scaler.Log);
    }

    private static async Task<JsonElement> AnswerAsync(ScalerExecutable scaler, string property)
    {
        for (var i = 0; i < 60; i++)
        {
            var answer = await ForeignClient.RunAsync(scaler.GrpcPort, "call", [.. Worker, "--timeout", "30"]);
            if (answer.TryGetProperty(property, out _))
            {
                return answer;
            }

            await Task.Delay(500);
        }

        throw new TimeoutException($"No answer of the scaler had '{property}'. It wrote:\n{scaler.Log}");
    }

    private static async Task<PostgresServer> StartAsync()
    {
        Peer.Require(PostgresServer.IsInstalled, PostgresServer.Missing);
        return await PostgresServer.StartAsync();
    }

    private static async Task<IHostStorage> OpenAsync(PostgresServer database) =>
        await HostStorage.OpenAsync(new() { Storage = database.Url() }, TimeProvider.System, NullLoggerFactory.Instance, default);

    private static Task<ScalerExecutable> ScalerAsync(string storage) =>
        ScalerExecutable.StartAsync(new Dictionary<string, string> { ["Storage"] = storage });
}
