using Ebb.Scaler.Metrics;

namespace Ebb.Scaler.Tests.Metrics;

public sealed class PrometheusWriterTests
{
    [Fact]
    public void Sample_Everything_IsWrittenAsTheFormatSays()
    {
        var page = new PrometheusWriter();
        page.Family("x_total", "counter", "Back\\slash and\nnew line");
        page.Sample("x_total", 3);
        page.Sample("x_total", 0.25, ("queue", "$timer-A"), ("text", "a\"b\\c\nd"));
        page.ToString().ShouldBe("""
            # HELP x_total Back\\slash and\nnew line
            # TYPE x_total counter
            x_total 3
            x_total{queue="$timer-A",text="a\"b\\c\nd"} 0.25

            """.ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(1767225600.123, "1767225600.123")]
    [InlineData(-0.5, "-0.5")]
    public void Number_AnyValue_IsReadByPrometheus(double value, string text) => PrometheusWriter.Number(value).ShouldBe(text);
}
