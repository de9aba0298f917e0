using Ebb.TestServers.Network;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http;

namespace Ebb.Grpc.Tests;

public sealed class GrpcChannelTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Unary_OurServer_AnswersTheMessage()
    {
        await using var server = await EchoServer.StartAsync();
        (await CallAsync(server, Echo.Say, "Grüße")).Value.ShouldBe("Grüße");
    }

    [Fact]
    public async Task Stream_OurServer_KeepsOrderAndEnds()
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = Open(server);
        var numbers = new List<int>();
        await foreach (var message in channel.StreamAsync(Echo.Count, new Int32Value { Value = 3000 }, new(), Token))
        {
            numbers.Add(int.Parse(message.Value));
        }

        numbers.ShouldBe(Enumerable.Range(0, 3000));
    }

    [Fact]
    public async Task Unary_StatusWithText_IsDecoded()
    {
        await using var server = await EchoServer.StartAsync();
        var error = await FailsAsync(server, Echo.Fail, "50 % größer\nals");
        (error.StatusCode, error.Detail).ShouldBe((StatusCode.FailedPrecondition, "50 % größer\nals"));
    }

    [Fact]
    public async Task Unary_UnknownMethod_IsUnimplemented()
    {
        await using var server = await EchoServer.StartAsync();
        (await FailsAsync(server, Echo.Unknown, "a")).StatusCode.ShouldBe(StatusCode.Unimplemented);
    }

    [Fact]
    public async Task Unary_Deadline_IsEnforcedHereToo()
    {
        await using var server = await EchoServer.StartAsync(_ => Task.Delay(Timeout.InfiniteTimeSpan, Token));
        using var channel = Open(server);
        var error = await Should.ThrowAsync<RpcException>(() => channel.UnaryAsync(
            Echo.Say, new() { Value = "a" }, new() { Timeout = TimeSpan.FromMilliseconds(50) }, Token));
        error.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
    }

    [Fact]
    public async Task Unary_CancelledByTheCaller_IsCancelled()
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = Open(server);
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Should.ThrowAsync<OperationCanceledException>(() => channel.UnaryAsync(Echo.Hang, new() { Value = "a" }, new(), soon.Token));
    }

    [Fact]
    public async Task Unary_NobodyListens_IsUnavailable()
    {
        using var channel = GrpcChannel.ForAddress(new($"http://127.0.0.1:{LoopbackPort.Next()}"), new(), TimeProvider.System);
        var error = await Should.ThrowAsync<RpcException>(() => channel.UnaryAsync(Echo.Say, new() { Value = "a" }, new(), Token));
        (error.StatusCode, error.IsTransient).ShouldBe((StatusCode.Unavailable, true));
    }

    [Theory]
    [InlineData(400, StatusCode.Internal)]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(403, StatusCode.PermissionDenied)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(500, StatusCode.Unknown)]
    public async Task Unary_HttpError_IsMapped(int http, StatusCode expected)
    {
        await using var server = await EchoServer.StartAsync(context =>
        {
            context.Response.StatusCode = http;
            return Task.CompletedTask;
        });
        var error = await FailsAsync(server, Echo.Say, "a");
        error.StatusCode.ShouldBe(expected);
        error.Detail.ShouldContain($"HTTP {http}");
    }

    [Fact]
    public async Task Unary_AnswerOfAnotherKind_SaysWhatItIs()
    {
        await using var server = await EchoServer.StartAsync(context => context.Response.WriteAsync("<html>"));
        (await FailsAsync(server, Echo.Say, "a")).StatusCode.ShouldBe(StatusCode.Unknown);
    }

    [Fact]
    public async Task Unary_NoStatusAtTheEnd_IsNotComplete()
    {
        await using var server = await EchoServer.StartAsync(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(RawCall.Frame("a"), Token);
        });
        (await FailsAsync(server, Echo.Say, "a")).Detail.ShouldContain("without a grpc-status");
    }

    [Theory]
    [InlineData(new byte[] { 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 1, 2 })]
    [InlineData(new byte[] { 9, 0, 0, 0, 0 })]
    public async Task Unary_MessageCutOff_IsInternal(byte[] body)
    {
        await using var server = await EchoServer.StartAsync(context => AnswerAsync(context, body));
        (await FailsAsync(server, Echo.Say, "a")).StatusCode.ShouldBe(StatusCode.Internal);
    }

    [Fact]
    public async Task Unary_MessageOverTheLimit_IsNotRead()
    {
        await using var server = await EchoServer.StartAsync(context => AnswerAsync(context, [0, 0x7f, 0, 0, 0]));
        (await FailsAsync(server, Echo.Say, "a")).StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    [Fact]
    public async Task Unary_TwoMessages_IsUnimplemented()
    {
        await using var server = await EchoServer.StartAsync(context => AnswerAsync(context, [.. RawCall.Frame("a"), .. RawCall.Frame("b")]));
        (await FailsAsync(server, Echo.Say, "a")).StatusCode.ShouldBe(StatusCode.Unimplemented);
    }

    [Fact]
    public async Task Unary_NoMessage_IsUnimplemented()
    {
        await using var server = await EchoServer.StartAsync(context => AnswerAsync(context, []));
        (await FailsAsync(server, Echo.Say, "a")).StatusCode.ShouldBe(StatusCode.Unimplemented);
    }

    [Fact]
    public async Task Stream_ConnectionLost_FailsAfterWhatCame()
    {
        // A reset overtakes what the client has not read yet.
        var read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await EchoServer.StartAsync(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(RawCall.Frame("a"), Token);
            await context.Response.Body.FlushAsync(Token);
            await read.Task;
            context.Abort();
        });
        using var channel = Open(server);
        await using var messages = channel.StreamAsync(Echo.Say, new StringValue(), new(), Token).GetAsyncEnumerator(Token);
        (await messages.MoveNextAsync()).ShouldBeTrue();
        read.SetResult();
        await Should.ThrowAsync<RpcException>(async () => await messages.MoveNextAsync());
    }

    [Fact]
    public async Task Unary_HeadersOfTheCall_ReachTheServer()
    {
        string? seen = null, timeout = null, te = null;
        await using var server = await EchoServer.StartAsync(context =>
        {
            (seen, timeout, te) = (context.Request.Headers["x-token"], context.Request.Headers["grpc-timeout"], context.Request.Headers["te"]);
            return AnswerAsync(context, RawCall.Frame("a"));
        });
        using var channel = Open(server);
        await channel.UnaryAsync(
            Echo.Say, new(), new() { Timeout = TimeSpan.FromMinutes(2), Headers = new Dictionary<string, string> { ["x-token"] = "t" } }, Token);
        (seen, timeout, te).ShouldBe(("t", "120000m", "trailers"));
    }

    [Fact]
    public async Task Health_CheckAndWatch_TellWhenTheServerStops()
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = Open(server);
        var check = HealthMethod("Check");
        (await channel.UnaryAsync(check, new() { Service = Echo.Service }, new(), Token)).Status.ShouldBe(Health.HealthCheckResponse.Types.ServingStatus.Serving);
        (await Should.ThrowAsync<RpcException>(() => channel.UnaryAsync(check, new() { Service = "x" }, new(), Token))).StatusCode.ShouldBe(StatusCode.NotFound);

        var seen = new List<Health.HealthCheckResponse.Types.ServingStatus>();
        await foreach (var answer in channel.StreamAsync(HealthMethod("Watch"), new(), new(), Token))
        {
            seen.Add(answer.Status);
            server.Health.Stop();
        }

        seen.ShouldBe([Health.HealthCheckResponse.Types.ServingStatus.Serving, Health.HealthCheckResponse.Types.ServingStatus.NotServing]);
    }

    private static Method<Health.HealthCheckRequest, Health.HealthCheckResponse> HealthMethod(string name) =>
        new("grpc.health.v1.Health", name, Health.HealthCheckRequest.Parser, Health.HealthCheckResponse.Parser);

    private static GrpcChannel Open(EchoServer server) => GrpcChannel.ForAddress(server.Address, new(), TimeProvider.System);

    private static async Task<StringValue> CallAsync(EchoServer server, Method<StringValue, StringValue> method, string text)
    {
        using var channel = Open(server);
        return await channel.UnaryAsync(method, new() { Value = text }, new() { Timeout = TimeSpan.FromSeconds(60) }, Token);
    }

    private static Task<RpcException> FailsAsync(EchoServer server, Method<StringValue, StringValue> method, string text) =>
        Should.ThrowAsync<RpcException>(() => CallAsync(server, method, text));

    private static async Task AnswerAsync(HttpContext context, byte[] body)
    {
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(body, Token);
        await context.Response.Body.FlushAsync(Token);
        context.Response.AppendTrailer("grpc-status", "0");
    }
}
