namespace Ebb.Storage;

/// <summary>Others changed a document too often meanwhile. Trying again helps.</summary>
public sealed class DocumentContentionException(string key)
    : HostStorageException($"The document {key} was changed by others again and again while this run wanted to change it; it is tried again.");
