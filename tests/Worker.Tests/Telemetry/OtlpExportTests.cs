using Ebb.TestServers.Otlp;
using Ebb.Worker.Tests.Commands;
using Ebb.Worker.Tests.Hosting;

namespace Ebb.Worker.Tests.Telemetry;

public sealed class OtlpExportTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Run_StandardVariablesSet_ExportsSpansFiguresAndLogs()
    {
        await using var receiver = await OtlpReceiver.StartAsync();

        var (code, error) = await RunAsync(receiver);

        code.ShouldBe(0, error);
        foreach (var (signal, text) in new[]
        {
            ("traces", "function Work"), ("traces", "ebb-under-test"), ("metrics", "faas.invoke_duration"), ("logs", "Ebb.Worker.Invocation"),
        })
        {
            receiver.Holds(signal, text).ShouldBeTrue($"\"{text}\" in {signal}");
        }
    }

    [Fact]
    public async Task Run_OneSignalTurnedOff_ExportsTheOthers()
    {
        await using var receiver = await OtlpReceiver.StartAsync();

        (await RunAsync(receiver, ("OTEL_METRICS_EXPORTER", "none"))).Code.ShouldBe(0);

        receiver.Holds("traces", "function Work").ShouldBeTrue();
        receiver.Holds("metrics", "faas").ShouldBeFalse();
    }

    [Fact]
    public async Task Run_SdkDisabled_ExportsNothing()
    {
        await using var receiver = await OtlpReceiver.StartAsync();

        (await RunAsync(receiver, ("OTEL_SDK_DISABLED", "true"))).Code.ShouldBe(0);

        receiver.Holds("traces", "Work").ShouldBeFalse();
        receiver.Holds("logs", "Work").ShouldBeFalse();
    }

    private async Task<(int Code, string Error)> RunAsync(OtlpReceiver receiver, params (string Name, string Value)[] variables)
    {
        await using var process = SampleProcess.Start(
            _directory,
            [
                ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Url), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
                ("OTEL_SERVICE_NAME", "ebb-under-test"), .. variables,
            ],
            "run", "Work", "--input", """{"do":"ok"}""");
        var (code, _, error) = await process.EndAsync();
        return (code, error);
    }
}
