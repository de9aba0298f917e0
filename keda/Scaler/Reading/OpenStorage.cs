using Ebb.Storage;

namespace Ebb.Scaler.Reading;

/// <summary>Storage that somebody else opened and closes.</summary>
internal sealed class OpenStorage(IHostStorage storage) : IStorageSource
{
    public IHostStorage Storage => storage;
}
