using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Ebb.Worker.Telemetry;

/// <summary>
/// OpenTelemetry over OTLP, only when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> or a signal's own variable is set: its
/// assemblies are not even loaded otherwise. Everything else is configured by the standard variables too.
/// </summary>
internal static class OtlpExport
{
    public static bool IsWanted(IConfiguration configuration, string signal) =>
        !string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase)
        && !string.Equals(configuration[$"OTEL_{signal}_EXPORTER"], "none", StringComparison.OrdinalIgnoreCase)
        && (!string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])
            || !string.IsNullOrEmpty(configuration[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"]));

    public static void AddLogs(ILoggingBuilder builder, IConfiguration configuration) => builder.AddOpenTelemetry(logging =>
    {
        logging.IncludeScopes = true;
        logging.IncludeFormattedMessage = true;
        logging.SetResourceBuilder(Resource(ResourceBuilder.CreateDefault(), configuration));
        logging.AddOtlpExporter();
    });

    /// <summary>Starts the export of spans and figures where it is wanted; disposing it sends what is left.</summary>
    public static IDisposable? StartIfWanted(IConfiguration configuration)
    {
        var traces = IsWanted(configuration, "TRACES");
        var metrics = IsWanted(configuration, "METRICS");
        return traces || metrics ? Start(configuration, traces, metrics) : null;
    }

    // Apart from its caller, so that compiling that one just in time loads nothing of OpenTelemetry.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Exports Start(IConfiguration configuration, bool traces, bool metrics) =>
        new(traces ? Traces(configuration) : null, metrics ? Metrics(configuration) : null);

    private static TracerProvider Traces(IConfiguration configuration) => Sdk.CreateTracerProviderBuilder()
        .ConfigureResource(resource => Resource(resource, configuration))
        .AddSource(WorkerTelemetry.SourceName, "Microsoft.AspNetCore", "System.Net.Http", "Ebb.*")
        .AddOtlpExporter()
        .Build();

    private static MeterProvider Metrics(IConfiguration configuration) => Sdk.CreateMeterProviderBuilder()
        .ConfigureResource(resource => Resource(resource, configuration))
        .AddMeter(WorkerTelemetry.SourceName, "System.Runtime", "Ebb.*")
        .AddOtlpExporter()
        .Build();

    private static ResourceBuilder Resource(ResourceBuilder resource, IConfiguration configuration) =>
        string.IsNullOrEmpty(configuration["OTEL_SERVICE_NAME"])
            ? resource.AddService(AppDomain.CurrentDomain.FriendlyName).AddEnvironmentVariableDetector()
            : resource;

    private sealed class Exports(TracerProvider? traces, MeterProvider? metrics) : IDisposable
    {
        public void Dispose()
        {
            traces?.Dispose();
            metrics?.Dispose();
        }
    }
}
