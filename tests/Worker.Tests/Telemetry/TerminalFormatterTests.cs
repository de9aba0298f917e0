using Ebb.Worker.Telemetry;
using Ebb.Worker.Tests.Timers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Worker.Tests.Telemetry;

public sealed class TerminalFormatterTests
{
    [Fact]
    public void Write_Entry_IsALineWithTimeLevelAndPlace() =>
        Written(LogLevel.Warning, "it is late", null).ShouldMatch(@"\A\d\d:30:05 (\e\[33m)?warn (\e\[0m)? Keeper: it is late\n\z");

    [Fact]
    public void Write_LinesAndCause_StandBelowTheirEntry() =>
        Written(LogLevel.Error, "two\nlines", new InvalidOperationException("the\ncause")).ShouldEndWith("Keeper: two\n         lines\n         InvalidOperationException: the\n         cause\n");

    [Fact]
    public void Write_WhatStrangersWrote_CannotCommandTheTerminal() =>
        Written(LogLevel.Information, "title \e]0;owned\a\e[2J", new InvalidOperationException("\e[31m")).ShouldEndWith("Keeper: title ?]0;owned??[2J\n         InvalidOperationException: ?[31m\n");

    private static string Written(LogLevel level, string message, Exception? exception)
    {
        var time = new FakeClock(new DateTimeOffset(2026, 1, 31, 12, 30, 5, TimeSpan.Zero));
        using var output = new StringWriter { NewLine = "\n" };
        new TerminalFormatter(time).Write(new LogEntry<string>(level, "Ebb.House.Keeper", default, message, exception, (state, _) => state), null, output);
        return output.ToString();
    }
}
