namespace Ebb.Storage.Exclusion;

/// <summary>An exclusive key is no longer held: it was not renewed in time, or another run, or another attempt of this one, has it now.</summary>
public sealed class KeyLostException(string key, Exception? inner = null) : HostStorageException(
    $"The key {key} is no longer held: it could not be renewed in time, or another attempt has it now. This one ended; what it writes is refused.", inner);
