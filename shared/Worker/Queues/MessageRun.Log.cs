using Ebb.Storage;
using Ebb.Worker.Invocations;
using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Queues;

internal sealed partial class MessageRun
{
    [LoggerMessage(320, LogLevel.Error, "Run {RunId} of '{Function}' is given up without running: {Attempts} attempts never ended")]
    private static partial void LogGivenUp(ILogger logger, RunId runId, string function, int attempts);

    [LoggerMessage(321, LogLevel.Warning, "Run {RunId} of '{Function}' ended ({Kind}) when its lease could not be kept; it runs again")]
    private static partial void LogResultDropped(ILogger logger, RunId runId, string function, OutcomeKind kind);

    [LoggerMessage(322, LogLevel.Warning, "Run {RunId} of '{Function}' did not end when it was cancelled; the process ends without it")]
    private static partial void LogAbandoned(ILogger logger, RunId runId, string function);

    [LoggerMessage(323, LogLevel.Error, "Run {RunId} of '{Function}' could not be settled as {Settlement}: its lease lapsed first; it runs again")]
    private static partial void LogLapsed(ILogger logger, RunId runId, string function, string settlement);

    [LoggerMessage(324, LogLevel.Error, "Run {RunId} of '{Function}' could not be settled as {Settlement} yet; trying again")]
    private static partial void LogNotSettled(ILogger logger, RunId runId, string function, string settlement, Exception exception);

    [LoggerMessage(326, LogLevel.Warning, "Run {RunId} of '{Function}' could not be handed back; it runs again when its lease lapses")]
    private static partial void LogNotReleased(ILogger logger, RunId runId, string function, Exception exception);

    [LoggerMessage(327, LogLevel.Warning, "Run {RunId} of '{Function}' is not begun: the store took so long to answer that its lease is nearly over")]
    private static partial void LogTakenTooLate(ILogger logger, RunId runId, string function);

    [LoggerMessage(325, LogLevel.Error, "Run {RunId} of '{Function}' met a fault of the runtime; its lease lapses and it runs again")]
    private static partial void LogUnexpected(ILogger logger, RunId runId, string function, Exception exception);
}
