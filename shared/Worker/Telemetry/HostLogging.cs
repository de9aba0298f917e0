using System.Text.Encodings.Web;
using System.Text.Json;
using Ebb.Settings;
using Ebb.Worker.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Ebb.Worker.Telemetry;

/// <summary>
/// The process's logs: one JSON object a line, with trace id, span id and the run; on a terminal a line that people read.
/// <c>Logging:Console:FormatterName</c> (<c>json</c>, <c>terminal</c>) chooses.
/// </summary>
internal static class HostLogging
{
    public static ILoggerFactory Create(HostEnvironment environment, HostOptions options, IConfiguration configuration, bool toStandardError) =>
        LoggerFactory.Create(builder =>
        {
            AddLevels(builder, options);
            builder.Configure(factory => factory.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
            if (environment.LoggerProvider is { } provider)
            {
                builder.AddProvider(provider);
            }
            else
            {
                AddConsole(builder, FormatterOf(configuration, []) ?? (Terminal.IsAt(toStandardError) ? TerminalFormatter.FormatterName : ConsoleFormatterNames.Json), environment.Time, toStandardError);
            }

            if (OtlpExport.IsWanted(configuration, "LOGS"))
            {
                OtlpExport.AddLogs(builder, configuration);
            }
        });

    /// <summary>The form of the logs that is set; null: none is.</summary>
    public static string? FormatterOf(IConfiguration configuration, ICollection<string> problems) => new SettingsReader(configuration, problems, "Logging:Console").Text(
        "FormatterName", "json or terminal", name => name is ConsoleFormatterNames.Json or TerminalFormatter.FormatterName);

    private static void AddLevels(ILoggingBuilder builder, HostOptions options)
    {
        // The web server says "listening" and "request finished" for itself; the host says what matters.
        builder.SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("System", LogLevel.Warning);
        foreach (var (category, level) in options.LogLevels)
        {
            if (category.Equals("default", StringComparison.OrdinalIgnoreCase))
            {
                builder.SetMinimumLevel(level);
            }
            else
            {
                builder.AddFilter(category, level);
            }
        }
    }

    private static void AddConsole(ILoggingBuilder builder, string formatter, TimeProvider time, bool toStandardError)
    {
        builder.Services.AddSingleton<ConsoleFormatter>(new TerminalFormatter(time));
        builder.AddJsonConsole(console =>
        {
            console.IncludeScopes = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            console.JsonWriterOptions = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        });
        builder.Services.Configure<ConsoleLoggerOptions>(console =>
        {
            console.FormatterName = formatter;
            console.LogToStandardErrorThreshold = toStandardError ? LogLevel.Trace : LogLevel.None;
        });
    }
}
