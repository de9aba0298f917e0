using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Ebb.Worker.Telemetry;

/// <summary>One line for each log entry, for people: time, level, where from, what. The whole entry, with trace and run, is in the JSON form.</summary>
internal sealed class TerminalFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    /// <summary>The name for <c>Logging:Console:FormatterName</c>.</summary>
    public const string FormatterName = "terminal";

    private const string Plain = "\e[0m";

    // The convention of no-color.org.
    private readonly bool _colours = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var (word, colour) = logEntry.LogLevel switch
        {
            LogLevel.Critical or LogLevel.Error => ("error", "\e[31m"),
            LogLevel.Warning => ("warn", "\e[33m"),
            LogLevel.Information => ("info", "\e[32m"),
            _ => ("debug", "\e[2m"),
        };
        textWriter.Write(time.GetLocalNow().ToString("HH:mm:ss "));
        textWriter.Write(_colours ? $"{colour}{word,-5}{Plain} " : $"{word,-5} ");
        textWriter.Write(logEntry.Category[(logEntry.Category.LastIndexOf('.') + 1)..]);
        textWriter.Write(": ");
        textWriter.WriteLine(Terminal.Text(logEntry.Formatter(logEntry.State, logEntry.Exception)));
        if (logEntry.Exception is { } exception)
        {
            // Below what it belongs to; a stack trace is for the JSON form, or the level Debug.
            textWriter.WriteLine($"         {exception.GetType().Name}: {Terminal.Text(exception.Message)}");
        }
    }
}
