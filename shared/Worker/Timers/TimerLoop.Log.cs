using Ebb.Storage;
using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Timers;

internal sealed partial class TimerLoop
{
    [LoggerMessage(701, LogLevel.Information, "Timer {Function}: the occurrence of {Occurrence:O} is run {RunId} (past due: {IsPastDue}); the next is {Next:O}.")]
    private partial void LogClaimed(string function, DateTimeOffset occurrence, bool isPastDue, RunId runId, DateTimeOffset next);

    [LoggerMessage(702, LogLevel.Information, "Timer {Function}: {Reason}; with the schedule {Schedule} the next occurrence is {Next:O}.")]
    private partial void LogSet(string function, SetReason reason, string schedule, DateTimeOffset next);

    [LoggerMessage(705, LogLevel.Debug, "Timer {Function}: the occurrence of {Occurrence:O} is left out, a run waits already; the next is {Next:O}.")]
    private partial void LogLeftOut(string function, DateTimeOffset occurrence, DateTimeOffset next);

    [LoggerMessage(703, LogLevel.Information, "Timer {Function}: run {RunId} at start-up.")]
    private partial void LogStartupRun(string function, RunId runId);

    [LoggerMessage(704, LogLevel.Error, "Timer {Function}: host storage failed {Failures} times in a row; the next try is in {BackOff}. Nothing is lost: what is due then runs once. See that host storage can be reached and written.")]
    private partial void LogFailed(string function, int failures, TimeSpan backOff, Exception error);
}
