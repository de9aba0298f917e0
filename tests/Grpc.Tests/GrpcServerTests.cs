using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Ebb.Grpc.Tests;

public sealed class GrpcServerTests : IAsyncLifetime
{
    private EchoServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await EchoServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Unary_OneMessage_AnswersFrameAndTrailers()
    {
        var answer = await SendAsync(Echo.Say.FullName, RawCall.Frame("Grüße"));

        answer.Http.ShouldBe(HttpStatusCode.OK);
        answer.ContentType.ShouldBe("application/grpc");
        answer.Status.ShouldBe("0");
        answer.TrailersOnly.ShouldBeFalse();
        answer.Body.ShouldBe(RawCall.Frame("Grüße"));
    }

    [Fact]
    public async Task Unary_EmptyMessage_IsAMessage() =>
        (await SendAsync(Echo.Say.FullName, RawCall.Frame(0, []))).Body.ShouldBe(RawCall.Frame(0, []));

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/grpc-web")]
    [InlineData("application/grpc+json")]
    public async Task Request_OfAnotherContentType_IsRefusedWith415(string type)
    {
        using var call = new RawCall(_server.Address, Echo.Say.FullName, RawCall.Frame("a"));
        call.Request.Content!.Headers.ContentType = new MediaTypeHeaderValue(type);
        (await call.SendAsync()).Http.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task Request_WithCodecAndParameter_IsAnswered()
    {
        using var call = new RawCall(_server.Address, Echo.Say.FullName, RawCall.Frame("a"));
        call.Request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse("application/grpc+proto; x=y");
        (await call.SendAsync()).Status.ShouldBe("0");
    }

    [Fact]
    public async Task Request_OtherThanPost_IsRefused()
    {
        using var call = new RawCall(_server.Address, Echo.Say.FullName, RawCall.Frame("a"));
        call.Request.Method = HttpMethod.Put;
        (await call.SendAsync()).Http.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Theory]
    [InlineData("/test.Echo/Shout", "The service test.Echo has no method Shout.")]
    [InlineData("/other.Service/Say", "There is no service for /other.Service/Say here; there are grpc.health.v1.Health, test.Echo.")]
    public async Task Request_ForAnUnknownMethod_IsUnimplementedInTrailersOnly(string path, string message)
    {
        var answer = await SendAsync(path, RawCall.Frame("a"));
        (answer.Status, answer.Message, answer.TrailersOnly).ShouldBe(("12", message, true));
    }

    [Fact]
    public async Task Message_Gzipped_IsRead()
    {
        var frame = RawCall.Frame(1, RawCall.Gzip(new StringValue { Value = new('x', 5000) }.ToByteArray()));
        var answer = await SendAsync(Echo.Say.FullName, frame, ("grpc-encoding", "gzip"));
        answer.Status.ShouldBe("0");
        answer.Body.ShouldBe(RawCall.Frame(new string('x', 5000)));
    }

    [Fact]
    public async Task Message_InAnUnknownEncoding_IsUnimplementedAndNamesTheKnownOnes()
    {
        var answer = await SendAsync(Echo.Say.FullName, RawCall.Frame("a"), ("grpc-encoding", "snappy"));
        (answer.Status, answer.AcceptEncoding).ShouldBe(("12", "identity,gzip"));
    }

    [Fact]
    public async Task Message_CompressedWithoutAnEncoding_IsInternal() =>
        (await SendAsync(Echo.Say.FullName, RawCall.Frame(1, [1, 2, 3]))).Status.ShouldBe("13");

    [Fact]
    public async Task Message_OverTheLimit_IsResourceExhausted() =>
        (await SendAsync(Echo.Say.FullName, RawCall.Frame(new string('x', EchoServer.MaxMessageBytes)))).Status.ShouldBe("8");

    [Fact]
    public async Task Message_OverTheLimitDecompressed_IsResourceExhausted()
    {
        var bomb = RawCall.Frame(1, RawCall.Gzip(new byte[50 * 1024 * 1024]));
        (await SendAsync(Echo.Say.FullName, bomb, ("grpc-encoding", "gzip"))).Status.ShouldBe("8");
    }

    [Fact]
    public async Task Message_ThatIsNoProtobuf_IsInternal() =>
        (await SendAsync(Echo.Say.FullName, RawCall.Frame(0, [0xff, 0xff, 0xff]))).Status.ShouldBe("13");

    [Fact]
    public async Task Message_DamagedGzip_IsInternal() =>
        (await SendAsync(Echo.Say.FullName, RawCall.Frame(1, [1, 2, 3]), ("grpc-encoding", "gzip"))).Status.ShouldBe("13");

    [Theory]
    [InlineData(new byte[0], "12")]
    [InlineData(new byte[] { 0, 0, 0 }, "13")]
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 1 }, "13")]
    [InlineData(new byte[] { 7, 0, 0, 0, 0 }, "13")]
    public async Task Request_CutOffOrEmpty_IsAnsweredWithAStatus(byte[] body, string status) =>
        (await SendAsync(Echo.Say.FullName, body)).Status.ShouldBe(status);

    [Fact]
    public async Task Request_WithTwoMessages_IsUnimplemented() =>
        (await SendAsync(Echo.Say.FullName, [.. RawCall.Frame("a"), .. RawCall.Frame("b")])).Status.ShouldBe("12");

    [Fact]
    public async Task Handler_ThrowingAStatus_AnswersItPercentEncoded()
    {
        var answer = await SendAsync(Echo.Fail.FullName, RawCall.Frame("50 % größer\nals"));
        (answer.Status, answer.Message).ShouldBe(("9", "50 %25 gr%C3%B6%C3%9Fer%0Aals"));
    }

    [Fact]
    public async Task Handler_ThrowingAnotherException_DoesNotTellItsText()
    {
        var answer = await SendAsync(Echo.Crash.FullName, RawCall.Frame("the password"));
        answer.Status.ShouldBe("2");
        answer.Message!.ShouldNotContain("password");
    }

    [Theory]
    [InlineData("50m")]
    [InlineData("50000u")]
    [InlineData("50000000n")]
    public async Task Deadline_Passed_AnswersWhateverTheHandlerDoes(string timeout) =>
        (await SendAsync(Echo.Hang.FullName, RawCall.Frame("a"), ("grpc-timeout", timeout))).Status.ShouldBe("4");

    [Theory]
    [InlineData("soon")]
    [InlineData("5")]
    [InlineData("123456789S")]
    [InlineData("-1S")]
    public async Task Deadline_Malformed_IsToldWithItsForm(string timeout)
    {
        var answer = await SendAsync(Echo.Say.FullName, RawCall.Frame("a"), ("grpc-timeout", timeout));
        answer.Status.ShouldBe("13");
        answer.Message!.ShouldContain($"'{timeout}'");
    }

    [Fact]
    public async Task Stream_Empty_IsTrailersOnly()
    {
        var answer = await SendAsync(Echo.Count.FullName, RawCall.Frame(0, new Int32Value().ToByteArray()));
        (answer.Status, answer.Body.Length, answer.TrailersOnly).ShouldBe(("0", 0, true));
    }

    [Fact]
    public async Task Stream_WithHeadersWrittenFirst_EndsInTrailers()
    {
        var answer = await SendAsync(Echo.Accept.FullName, RawCall.Frame("a"));
        (answer.Status, answer.Body.Length, answer.TrailersOnly).ShouldBe(("0", 0, false));
    }

    [Fact]
    public async Task Stream_OfACallerThatGoes_TellsTheHandler()
    {
        using (var channel = GrpcChannel.ForAddress(_server.Address, new(), TimeProvider.System))
        {
            await foreach (var message in channel.StreamAsync(Echo.Watch, new() { Value = "a" }, new(), TestContext.Current.CancellationToken))
            {
                message.Value.ShouldBe("a");
                break;
            }
        }

        await _server.WatchEnded.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task OnFinished_EveryCallOfAMethod_IsTold()
    {
        await SendAsync(Echo.Say.FullName, RawCall.Frame("a"));
        await SendAsync(Echo.Fail.FullName, RawCall.Frame("a"));
        lock (_server.Finished)
        {
            _server.Finished.Select(call => (call.Method, call.Status, call.IsStream)).ShouldBe(
                [(Echo.Say.FullName, StatusCode.OK, false), (Echo.Fail.FullName, StatusCode.FailedPrecondition, false)]);
        }
    }

    private async Task<RawAnswer> SendAsync(string path, byte[] body, params (string Name, string Value)[] headers)
    {
        using var call = new RawCall(_server.Address, path, body);
        foreach (var (name, value) in headers)
        {
            call.With(name, value);
        }

        return await call.SendAsync().WaitAsync(TimeSpan.FromSeconds(60));
    }
}
