using Google.Protobuf.WellKnownTypes;

namespace Ebb.Grpc.Tests.Foreign;

/// <summary>Our client against a server that is not ours.</summary>
public sealed class ForeignServerTests : IClassFixture<ForeignServer>, IDisposable
{
    private static readonly GrpcCall Call = new() { Timeout = TimeSpan.FromSeconds(60) };

    private readonly GrpcChannel _channel;

    public ForeignServerTests(ForeignServer server)
    {
        server.Require();
        _channel = GrpcChannel.ForAddress(server.Address, new(), TimeProvider.System);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _channel.Dispose();

    [Fact]
    public async Task Unary_Message_ComesBack() =>
        (await _channel.UnaryAsync(Echo.Say, new() { Value = "Grüße" }, Call, Token)).Value.ShouldBe("Grüße");

    [Fact]
    public async Task Unary_GzippedAnswer_IsRead() =>
        (await _channel.UnaryAsync(Method("Compressed"), new() { Value = "abc" }, Call, Token)).Value.Length.ShouldBe(3000);

    [Fact]
    public async Task Unary_Status_ComesWithItsText()
    {
        var error = await Should.ThrowAsync<RpcException>(() => _channel.UnaryAsync(Echo.Fail, new() { Value = "50 % größer" }, Call, Token));
        (error.StatusCode, error.Detail).ShouldBe((StatusCode.FailedPrecondition, "50 % größer"));
    }

    [Fact]
    public async Task Unary_UnknownMethod_IsUnimplemented() =>
        (await Should.ThrowAsync<RpcException>(() => _channel.UnaryAsync(Echo.Unknown, new(), Call, Token))).StatusCode.ShouldBe(StatusCode.Unimplemented);

    [Fact]
    public async Task Unary_Deadline_IsExceeded() =>
        (await Should.ThrowAsync<RpcException>(() => _channel.UnaryAsync(Echo.Hang, new(), new() { Timeout = TimeSpan.FromMilliseconds(200) }, Token)))
            .StatusCode.ShouldBe(StatusCode.DeadlineExceeded);

    [Fact]
    public async Task Stream_BrokenOff_GivesWhatCameAndThenTheStatus()
    {
        await using var messages = _channel.StreamAsync(Method("Breaks"), new(), Call, Token).GetAsyncEnumerator(Token);
        (await messages.MoveNextAsync()).ShouldBeTrue();
        messages.Current.Value.ShouldBe("first");
        var error = await Should.ThrowAsync<RpcException>(async () => await messages.MoveNextAsync());
        (error.StatusCode, error.Detail).ShouldBe((StatusCode.DataLoss, "der Rest ist weg"));
    }

    [Fact]
    public async Task Stream_OfAHundredMegabytes_IsNeverHeldAsAWhole()
    {
        const int Messages = 1600;
        var number = 0;
        long most = 0;
        await foreach (var message in _channel.StreamAsync(Echo.Count, new Int32Value { Value = Messages }, new(), Token))
        {
            message.Value.ShouldStartWith($"{number++} ");
            if (number % 200 == 0)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
            }
        }

        number.ShouldBe(Messages);
        most.ShouldBeLessThan(64L * 1024 * 1024);
    }

    private static Method<StringValue, StringValue> Method(string name) => new(Echo.Service, name, StringValue.Parser, StringValue.Parser);
}
