namespace Ebb.Storage;

/// <summary>A document holds something that this version cannot read: a newer one wrote it, or somebody changed it. Its content is not in the message.</summary>
public sealed class UnreadableDocumentException(string key, string where, Exception? inner = null) : HostStorageException(
    $"The document {key} cannot be read ({where}). If a newer version wrote it, run that one; otherwise restore the document from a backup of the host storage, or delete it there and ask again for what it was about.",
    inner);
