namespace Ebb.Grpc.Tests;

public sealed class GrpcTimeoutTests
{
    [Theory]
    [InlineData("1H", 3600_000)]
    [InlineData("2M", 120_000)]
    [InlineData("3S", 3_000)]
    [InlineData("4m", 4)]
    [InlineData("5000u", 5)]
    [InlineData("6000000n", 6)]
    [InlineData("99999999H", 49L * 24 * 3600_000)]
    public void TryParse_EveryUnit_IsRead(string text, long milliseconds)
    {
        GrpcTimeout.TryParse(text, out var timeout).ShouldBeTrue();
        timeout.ShouldBe(TimeSpan.FromMilliseconds(milliseconds));
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("1")]
    [InlineData("1s")]
    [InlineData("+1S")]
    [InlineData("1.5S")]
    [InlineData("123456789S")]
    public void TryParse_Malformed_IsRefused(string text) => GrpcTimeout.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData(5, "5000u")]
    [InlineData(120_000, "120000m")]
    [InlineData(200_000_000L, "200000S")]
    public void Format_AnyTime_FitsEightDigits(long milliseconds, string text) =>
        GrpcTimeout.Format(TimeSpan.FromMilliseconds(milliseconds)).ShouldBe(text);

    [Fact]
    public void Format_ATimeThatIsOver_IsTheShortest() => GrpcTimeout.Format(TimeSpan.FromSeconds(-1)).ShouldBe("1u");
}
