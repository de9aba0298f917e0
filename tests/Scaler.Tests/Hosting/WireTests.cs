using System.Net;
using System.Net.Http.Headers;
using Ebb.Scaler.Protos;
using Google.Protobuf;

namespace Ebb.Scaler.Tests.Hosting;

/// <summary>What goes over the wire, byte by byte: requests as KEDA makes them, and such as nobody should.</summary>
public sealed class WireTests : IAsyncLifetime
{
    private const string Spec = "/externalscaler.ExternalScaler/GetMetricSpec";
    private const string IsActive = "/externalscaler.ExternalScaler/IsActive";
    private const int MaxMessageBytes = 1024 * 1024;

    private static readonly ScaledObjectRef Mirror = References.Of(("app", "mirror"), ("queues", "images"));

    private InProcessScaler _scaler = null!;

    public async ValueTask InitializeAsync() => _scaler = await InProcessScaler.StartAsync();

    public ValueTask DisposeAsync() => _scaler.DisposeAsync();

    [Fact]
    public async Task Unary_OneMessage_AnswersFrameAndTrailers()
    {
        var answer = await SendAsync(Spec, RawCall.Frame(Mirror));

        (answer.Http, answer.ContentType, answer.Status, answer.TrailersOnly).ShouldBe((HttpStatusCode.OK, "application/grpc", "0", false));
        answer.Body[..5].ShouldBe(RawCall.Frame(0, answer.Body[5..])[..5]);
        GetMetricSpecResponse.Parser.ParseFrom(answer.Body.AsSpan(5)).MetricSpecs.Single().MetricName.ShouldBe("ebb-mirror");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/grpc-web")]
    public async Task Request_OfAnotherContentType_IsRefusedWith415(string type) =>
        (await SendAsync(Spec, RawCall.Frame(Mirror), call => call.Content!.Headers.ContentType = new MediaTypeHeaderValue(type))).Http
            .ShouldBe(HttpStatusCode.UnsupportedMediaType);

    [Fact]
    public async Task Request_WithCodecAndParameter_IsAnswered() =>
        (await SendAsync(Spec, RawCall.Frame(Mirror), call => call.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse("application/grpc+proto; x=y")))
            .Status.ShouldBe("0");

    [Fact]
    public async Task Request_OtherThanPost_IsRefused() =>
        (await SendAsync(Spec, RawCall.Frame(Mirror), call => call.Method = HttpMethod.Put)).Http.ShouldBe(HttpStatusCode.NotFound);

    [Theory]
    [InlineData("/externalscaler.ExternalScaler/GetEverything")]
    [InlineData("/other.Service/Say")]
    public async Task Request_ForAnUnknownMethod_IsUnimplementedInTrailersOnly(string path)
    {
        var answer = await SendAsync(path, RawCall.Frame(Mirror));
        (answer.Status, answer.TrailersOnly).ShouldBe(("12", true));
    }

    [Fact]
    public async Task Message_Gzipped_IsRead()
    {
        var mirror = References.Of(("app", "mirror"), ("queues", new string('x', 50)));
        var answer = await SendAsync(Spec, RawCall.Frame(1, RawCall.Gzip(mirror.ToByteArray())), ("grpc-encoding", "gzip"));
        answer.Status.ShouldBe("0");
    }

    [Fact]
    public async Task Message_InAnUnknownEncoding_IsUnimplementedAndNamesTheKnownOnes()
    {
        var answer = await SendAsync(Spec, RawCall.Frame(1, Mirror.ToByteArray()), ("grpc-encoding", "snappy"));
        (answer.Status, answer.AcceptEncoding).ShouldBe(("12", "identity,gzip,deflate"));
    }

    [Fact]
    public async Task Message_OverTheLimit_IsResourceExhausted() =>
        (await SendAsync(Spec, RawCall.Frame(0, new byte[MaxMessageBytes + 1]))).Status.ShouldBe("8");

    [Fact]
    public async Task Message_OverTheLimitUnpacked_IsResourceExhausted_AndIsNotUnpacked()
    {
        var bomb = RawCall.Frame(1, RawCall.Gzip(new byte[600 * MaxMessageBytes]));
        var before = GC.GetTotalAllocatedBytes();
        (await SendAsync(Spec, bomb, ("grpc-encoding", "gzip"))).Status.ShouldBe("8");
        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(32 * MaxMessageBytes);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 1 })]
    [InlineData(new byte[] { 7, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 3, 0xff, 0xff, 0xff })]
    [InlineData(new byte[] { 1, 0, 0, 0, 3, 1, 2, 3 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    public async Task Request_ThatIsNoMessageOrMore_IsAnsweredWithAnError_AndTheScalerGoesOn(byte[] body)
    {
        foreach (var headers in new (string, string)[][] { [], [("grpc-encoding", "gzip")] })
        {
            (await SendAsync(Spec, body, headers)).Status.ShouldNotBeNull().ShouldNotBe("0");
        }

        (await SendAsync(Spec, RawCall.Frame(Mirror))).Status.ShouldBe("0");
    }

    [Theory]
    [InlineData("50m")]
    [InlineData("50000u")]
    [InlineData("50000000n")]
    public async Task Deadline_Passed_AnswersWhateverStorageDoes(string timeout)
    {
        _scaler.Storage.Gate = new TaskCompletionSource().Task;
        (await SendAsync(IsActive, RawCall.Frame(Mirror), ("grpc-timeout", timeout))).Status.ShouldBe("4");
    }

    [Fact]
    public async Task Refusal_OfAThousandMistakes_FitsIntoAHeader()
    {
        var wrong = References.Of([("app", "mirror"), .. Enumerable.Range(0, 1000).Select(number => ($"queue{number}", "größer als 50 %\n"))]);
        var answer = await SendAsync(Spec, RawCall.Frame(wrong));
        answer.Status.ShouldBe("3");
        answer.Message!.Length.ShouldBeInRange(1000, 16 * 1024);
        answer.Message.ShouldAllBe(letter => letter >= ' ' && letter <= '~');
        Uri.UnescapeDataString(answer.Message).ShouldContain("'queue0' is not known");
    }

    private Task<RawAnswer> SendAsync(string path, byte[] body, params (string Name, string Value)[] headers) => SendAsync(path, body, request =>
    {
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    });

    private async Task<RawAnswer> SendAsync(string path, byte[] body, Action<HttpRequestMessage> change)
    {
        using var call = new RawCall(_scaler.Address, path, body);
        change(call.Request);
        return await call.SendAsync().WaitAsync(TimeSpan.FromSeconds(60));
    }
}
