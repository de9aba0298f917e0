using Ebb.Scaler.Protos;
using Ebb.TestServers.Logs;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Serving = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Ebb.Scaler.Tests.Hosting;

/// <summary>Health, callers that go, what is counted and logged of calls, and how many streams there may be.</summary>
public sealed class CallTests : IAsyncLifetime
{
    private static readonly ScaledObjectRef Worker = References.Of(("app", "mirror"), ("queues", "images"));

    private readonly CollectedLogs _logs = new();
    private ILoggerFactory _loggers = null!;
    private InProcessScaler _scaler = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _loggers = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Warning).AddProvider(_logs));
        _scaler = await InProcessScaler.StartAsync(new() { PollAge = TimeSpan.Zero, Repeat = TimeSpan.FromMilliseconds(1) }, loggers: _loggers);
    }

    public async ValueTask DisposeAsync()
    {
        await _scaler.DisposeAsync();
        _loggers.Dispose();
    }

    [Fact]
    public async Task Health_CheckAndWatch_TellWhenTheScalerStops()
    {
        var health = new Health.HealthClient(_scaler.Channel);
        foreach (var service in new[] { "", "externalscaler.ExternalScaler" })
        {
            (await health.CheckAsync(new() { Service = service }, cancellationToken: Token)).Status.ShouldBe(Serving.Serving);
        }

        (await Should.ThrowAsync<RpcException>(() => health.CheckAsync(new() { Service = "x" }).ResponseAsync)).StatusCode.ShouldBe(StatusCode.NotFound);

        var seen = new List<Serving>();
        Task? stopped = null;
        using var watch = health.Watch(new(), cancellationToken: Token);
        await foreach (var answer in watch.ResponseStream.ReadAllAsync(Token))
        {
            seen.Add(answer.Status);
            stopped ??= _scaler.Host.StopAsync();
        }

        seen.ShouldBe([Serving.Serving, Serving.NotServing]);
        await stopped!;
    }

    [Fact]
    public async Task Stream_OfACallerThatGoes_EndsQuietlyHere()
    {
        await _scaler.Storage.EnqueueAsync(new() { Queue = "images", Body = "{}" }, Token);
        for (var round = 0; round < 50; round++)
        {
            using var caller = new SocketsHttpHandler();
            using var channel = GrpcChannel.ForAddress(_scaler.Address, new() { HttpHandler = caller });
            using var call = new ExternalScaler.ExternalScalerClient(channel).StreamIsActive(Worker, cancellationToken: Token);
            (await call.ResponseStream.MoveNext(Token)).ShouldBeTrue();
        }

        await UntilPageSaysAsync("ebb_scaler_open_streams 0");
        await UntilPageSaysAsync("ebb_scaler_calls_total{method=\"StreamIsActive\",status=\"Cancelled\"} 50");
        _logs.Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task Metrics_EveryCallOfAMethod_IsCountedByWhatItsCallerWasTold()
    {
        await _scaler.SpecAsync(Worker);
        await Should.ThrowAsync<RpcException>(() => _scaler.SpecAsync(References.Of(("ap", "mirror"))));
        using (var tooLong = new RawCall(_scaler.Address, "/externalscaler.ExternalScaler/GetMetricSpec", RawCall.Frame(0, new byte[2 * 1024 * 1024])))
        {
            (await tooLong.SendAsync()).Status.ShouldBe("8");
        }

        using (var unknown = new RawCall(_scaler.Address, "/externalscaler.ExternalScaler/Other", RawCall.Frame(0, [])))
        {
            (await unknown.SendAsync()).Status.ShouldBe("12");
        }

        await UntilPageSaysAsync("ebb_scaler_call_duration_seconds_count{method=\"GetMetricSpec\"} 3");
        var page = await PageAsync();
        page.Where(line => line.StartsWith("ebb_scaler_calls_total", StringComparison.Ordinal)).ShouldBe(
        [
            "ebb_scaler_calls_total{method=\"GetMetricSpec\",status=\"OK\"} 1",
            "ebb_scaler_calls_total{method=\"GetMetricSpec\",status=\"InvalidArgument\"} 1",
            "ebb_scaler_calls_total{method=\"GetMetricSpec\",status=\"ResourceExhausted\"} 1",
        ]);
    }

    // KEDA's operator has one connection for all ScaledObjects; a server that does not say otherwise lets it have 100 streams.
    [Fact]
    public async Task Streams_TwentyThousandOfOneConnection_AreOpenAtOnce()
    {
        const int Most = 20_000;
        await using var scaler = await InProcessScaler.StartAsync(new() { Beat = TimeSpan.FromMinutes(10) }, timeout: TimeSpan.FromMinutes(1));
        using var sockets = new SocketsHttpHandler { EnableMultipleHttp2Connections = false };
        using var channel = GrpcChannel.ForAddress(scaler.Address, new() { HttpHandler = sockets });
        var client = new ExternalScaler.ExternalScalerClient(channel);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var streams = new List<AsyncServerStreamingCall<IsActiveResponse>>();
        for (var number = 0; number < Most; number++)
        {
            streams.Add(client.StreamIsActive(Worker, cancellationToken: end.Token));
        }

        foreach (var stream in streams)
        {
            await stream.ResponseHeadersAsync.WaitAsync(TimeSpan.FromSeconds(60), Token);
        }

        await scaler.Host.StopAsync();
        foreach (var stream in streams)
        {
            (await stream.ResponseStream.MoveNext(Token)).ShouldBeFalse();
            stream.GetStatus().StatusCode.ShouldBe(StatusCode.OK);
            stream.Dispose();
        }
    }

    private async Task<string[]> PageAsync() => (await _scaler.Http.GetStringAsync("/metrics", Token)).Split('\n');

    private async Task UntilPageSaysAsync(string line)
    {
        for (var i = 0; i < 600 && !(await PageAsync()).Contains(line); i++)
        {
            await Task.Delay(50, Token);
        }

        (await PageAsync()).ShouldContain(line);
    }
}
