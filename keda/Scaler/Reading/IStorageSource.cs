using Ebb.Storage;

namespace Ebb.Scaler.Reading;

/// <summary>Where the open storage comes from: opened by this process, or handed in by its host.</summary>
internal interface IStorageSource
{
    /// <summary>The storage.</summary>
    /// <exception cref="StorageUnavailableException">It is not open (yet); the message says why.</exception>
    IHostStorage Storage { get; }
}
