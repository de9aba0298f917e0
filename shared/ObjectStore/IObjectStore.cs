namespace Ebb.ObjectStore;

/// <summary>
/// A place that keeps objects by key: a prefix of an S3 bucket or a directory. Opened by <see cref="ObjectStores.Open"/>; connects
/// at the first request. Safe for concurrent use. Every member throws <see cref="ObjectStoreException"/> for what the store
/// refuses or fails at, after the retries of <see cref="ObjectStoreOptions"/>.
/// </summary>
public interface IObjectStore : IAsyncDisposable
{
    /// <summary>Where the objects are, for people and without secrets, such as <c>s3://backups/etcd at https://s3.example.com</c>.</summary>
    string Address { get; }

    /// <summary>
    /// Begins an object whose length is not known yet. Nothing is visible under its key, and an object that was there stays as it
    /// was, until <see cref="UploadStream.CompleteAsync"/> returns.
    /// </summary>
    ValueTask<UploadStream> OpenUploadAsync(ObjectKey key, UploadOptions options, CancellationToken cancellationToken);

    /// <summary>Opens an object, or a range of it, for reading once from beginning to end.</summary>
    /// <exception cref="ObjectStoreException"><see cref="ObjectStoreFault.NotFound"/>, <see cref="ObjectStoreFault.InvalidRange"/> and others.</exception>
    Task<DownloadStream> OpenDownloadAsync(ObjectKey key, ByteRange? range, CancellationToken cancellationToken);

    /// <summary>
    /// The objects whose key begins with <paramref name="keyPrefix"/> (may be empty, need not end at a slash), read page by page, in no
    /// promised order. Names that are no <see cref="ObjectKey"/> are nobody's of ours and are left out.
    /// </summary>
    /// <exception cref="ObjectStoreException"><see cref="ObjectStoreFault.TooLarge"/> after 100,000 objects.</exception>
    IAsyncEnumerable<ObjectInfo> ListAsync(string keyPrefix, CancellationToken cancellationToken);

    /// <summary>What is stored under a key; null when nothing is.</summary>
    Task<ObjectInfo?> FindAsync(ObjectKey key, CancellationToken cancellationToken);

    /// <summary>Removes an object; one that is not there counts as removed.</summary>
    Task DeleteAsync(ObjectKey key, CancellationToken cancellationToken);

    /// <summary>Stores a small object whole, such as a JSON file beside a large one.</summary>
    /// <exception cref="ObjectStoreException"><see cref="ObjectStoreFault.Exists"/> with <see cref="UploadOptions.OnlyIfAbsent"/>, and others.</exception>
    Task<StoredObject> PutAsync(ObjectKey key, ReadOnlyMemory<byte> content, UploadOptions options, CancellationToken cancellationToken);

    /// <summary>Reads a small object whole; null when there is none.</summary>
    /// <exception cref="ObjectStoreException"><see cref="ObjectStoreFault.TooLarge"/> over <paramref name="maxBytes"/>, and others.</exception>
    Task<byte[]?> GetAsync(ObjectKey key, int maxBytes, CancellationToken cancellationToken);

    /// <summary>
    /// Removes what uploads left behind that were neither completed nor aborted, because their process died. Only those for keys
    /// that begin with <paramref name="keyPrefix"/> and that began (a file: was last written) longer ago than <paramref name="olderThan"/>, which
    /// must therefore be longer than any upload takes: an upload of another process that is still alive ends with an error.
    /// </summary>
    Task<IReadOnlyList<StaleUpload>> RemoveStaleUploadsAsync(string keyPrefix, TimeSpan olderThan, CancellationToken cancellationToken);

    /// <summary>
    /// Tries with small objects of its own (<c>.ebb-probe-*</c>, removed afterwards) what the store supports, and names the remedy for what
    /// fails. Returns findings and does not throw for them.
    /// </summary>
    Task<StoreProbe> ProbeAsync(CancellationToken cancellationToken);
}
