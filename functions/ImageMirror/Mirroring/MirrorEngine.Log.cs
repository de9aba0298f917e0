using Microsoft.Extensions.Logging;

namespace Ebb.ImageMirror.Mirroring;

public sealed partial class MirrorEngine
{
    [LoggerMessage(3001, LogLevel.Information, "{Target}: {Action}, now {Digest}; {Bytes} bytes moved, {Signatures} signatures written")]
    private partial void LogMirrored(string target, string action, string digest, long bytes, int signatures);

    [LoggerMessage(3002, LogLevel.Error, "{Source} could not be mirrored to {Target}: {Cause} {Remedy}")]
    private partial void LogFailed(string source, string target, string cause, string remedy);

    [LoggerMessage(3003, LogLevel.Error, "Unforeseen failure at {Target}; this is a defect of the mirror")]
    private partial void LogUnforeseen(Exception exception, string target);

    [LoggerMessage(3009, LogLevel.Warning, "{Target}: {Note}")]
    private partial void LogNote(string target, string note);
}
