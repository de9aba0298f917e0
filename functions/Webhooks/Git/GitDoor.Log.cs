using Microsoft.Extensions.Logging;

namespace Ebb.Webhooks.Git;

internal sealed partial class GitDoor
{
    [LoggerMessage(1, LogLevel.Information, "A delivery of {Length} bytes to /api/git was refused: no such hook, or not signed with its secret.")]
    private static partial void LogRefused(ILogger logger, long length);

    [LoggerMessage(2, LogLevel.Warning, "The hook {Hook} got something its host does not send: {Problem}")]
    private static partial void LogRejected(ILogger logger, string hook, string problem);

    [LoggerMessage(3, LogLevel.Error, "The hook {Hook} got an event that cannot be used (delivery {Delivery}): {Problems}. It was answered with 200, for hosts switch hooks off that answer otherwise; the event is lost. The version of the host may be newer than what is known here.")]
    private static partial void LogNotUnderstood(ILogger logger, string hook, string delivery, string problems);

    [LoggerMessage(4, LogLevel.Warning, "The hook {Hook} got an event of {Repository}, which is not among its Repositories; it is ignored.")]
    private static partial void LogNotCovered(ILogger logger, string hook, string repository);
}
