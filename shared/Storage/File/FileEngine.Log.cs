using Microsoft.Extensions.Logging;

namespace Ebb.Storage.File;

internal sealed partial class FileEngine
{
    [LoggerMessage(1, LogLevel.Warning, "Journal {Path}: the last {Bytes} bytes, from offset {Offset}, were an interrupted or damaged write and were cut off. Nothing that was reported as stored before the last write is affected.")]
    private partial void LogTailCut(string path, long bytes, long offset);

    [LoggerMessage(2, LogLevel.Error, "The disk refused to make the journal durable. What was not durable is taken back and its callers are told.")]
    private partial void LogRefused(Exception cause);

    [LoggerMessage(3, LogLevel.Information, "The state was read back from the journal; storing goes on.")]
    private partial void LogRecovered();

    [LoggerMessage(4, LogLevel.Error, "Lapsed leases and expired runs cannot be recorded at present; this is tried again.")]
    private partial void LogStalled(Exception cause);

    [LoggerMessage(5, LogLevel.Debug, "The journal was compacted from {Before} to {After} bytes.")]
    private partial void LogCompacted(long before, long after);

    [LoggerMessage(6, LogLevel.Warning, "The journal could not be compacted; it goes on growing until that works. Check the free space.")]
    private partial void LogNotCompacted(Exception cause);

    [LoggerMessage(7, LogLevel.Warning, "The journal could not be closed in order. The next start checks it as after a crash.")]
    private partial void LogNotClosed(Exception cause);
}
