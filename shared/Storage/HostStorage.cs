using Ebb.Storage.File;
using Microsoft.Extensions.Logging;

namespace Ebb.Storage;

/// <summary>Opens host storage.</summary>
public static class HostStorage
{
    private const string FilePrefix = "file:";

    /// <summary>Opens the storage that <see cref="HostStorageOptions.Storage"/> names.</summary>
    /// <exception cref="HostStorageException">The setting is wrong, the store is in use by another process, or its content is damaged.</exception>
    public static async ValueTask<IHostStorage> OpenAsync(
        HostStorageOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);
        var directory = options.Storage.StartsWith(FilePrefix, StringComparison.Ordinal) ? options.Storage[FilePrefix.Length..] : "";
        if (directory.Length == 0)
            throw new HostStorageException("Setting Storage is not valid: it must be file:<directory>, for example file:/var/lib/ebb.");
        if (options.RunRetention <= TimeSpan.Zero || options.MaxRuns < 1)
            throw new HostStorageException($"Run retention of {options.RunRetention} and {options.MaxRuns} runs is not possible: both must be greater than zero.");
        cancellationToken.ThrowIfCancellationRequested();
        return await FileHostStorage.OpenAsync(new JournalDirectory(Path.GetFullPath(directory)), options, time, loggers);
    }
}
