using Microsoft.Extensions.Logging;

namespace Ebb.Storage;

/// <summary>Opens host storage.</summary>
public static class HostStorage
{
    /// <summary>Opens the storage that <see cref="HostStorageOptions.Storage"/> names.</summary>
    /// <exception cref="HostStorageException">The setting is wrong, the store is in use by another process, or its content is damaged.</exception>
    public static ValueTask<IHostStorage> OpenAsync(
        HostStorageOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        throw new NotSupportedException("filled in by the file store");
}
