using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Ebb.Scaler.Hosting;

/// <summary>The process's logs, as the workers write them: one JSON object a line on standard output.</summary>
internal static class ScalerLogging
{
    private const string Section = "Logging:LogLevel";
    private const string Default = "Default";

    /// <summary>The levels of <c>Logging:LogLevel:&lt;category&gt;</c>; wrong ones are noted.</summary>
    public static IReadOnlyDictionary<string, LogLevel> ReadLevels(IConfiguration configuration, List<string> problems)
    {
        var levels = new Dictionary<string, LogLevel>(StringComparer.OrdinalIgnoreCase)
        {
            [Default] = LogLevel.Information,
            ["Microsoft"] = LogLevel.Warning,
            ["System"] = LogLevel.Warning,
            ["Grpc"] = LogLevel.Warning,
        };
        foreach (var setting in configuration.GetSection(Section).GetChildren())
        {
            if (Enum.TryParse<LogLevel>(setting.Value, ignoreCase: true, out var level) && Enum.IsDefined(level))
            {
                levels[setting.Key] = level;
            }
            else
            {
                problems.Add($"{Section}:{setting.Key} is '{setting.Value}'; it must be {string.Join(", ", Enum.GetNames<LogLevel>())}.");
            }
        }

        return levels;
    }

    public static ILoggerFactory Create(IReadOnlyDictionary<string, LogLevel> levels) => LoggerFactory.Create(builder =>
    {
        foreach (var (category, level) in levels)
        {
            _ = category.Equals(Default, StringComparison.OrdinalIgnoreCase) ? builder.SetMinimumLevel(level) : builder.AddFilter(category, level);
        }

        builder.AddJsonConsole(console =>
        {
            console.IncludeScopes = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            console.JsonWriterOptions = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        });
    });
}
