namespace Ebb.Oci;

/// <summary>
/// One registry, spoken to by the OCI distribution-spec v1.1.1. Retries what is transient, honours Retry-After, keeps
/// the host's concurrency limit, and treats every answer as hostile: bounded, hashed, never followed with credentials
/// to another host. Get one from <see cref="RegistryClients"/>.
/// </summary>
public sealed class RegistryClient
{
    internal RegistryClient(string registry) => Registry = registry;

    /// <summary>Host and port, as named in references.</summary>
    public string Registry { get; }

    /// <summary>Asks for a manifest's descriptor with HEAD; null when it does not exist. <paramref name="reference"/> is a tag or digest.</summary>
    /// <exception cref="RegistryException">Anything but an answer.</exception>
    public Task<Descriptor?> HeadManifestAsync(string repository, string reference, CancellationToken cancellationToken) =>
        throw new NotSupportedException(Registry);

    /// <summary>Reads a manifest, its digest verified; null when it does not exist.</summary>
    public Task<Manifest?> GetManifestAsync(string repository, string reference, CancellationToken cancellationToken) =>
        throw new NotSupportedException(Registry);

    /// <summary>Writes a manifest under a tag or its digest.</summary>
    /// <returns>True when the registry processed the manifest's subject itself (the <c>OCI-Subject</c> header).</returns>
    public Task<bool> PutManifestAsync(string repository, string reference, Manifest manifest, CancellationToken cancellationToken) =>
        throw new NotSupportedException(Registry);

    /// <summary>Writes a manifest that has a subject, by digest, and keeps the fallback tag's index where the registry has no referrers API.</summary>
    public Task PutReferrerAsync(string repository, Manifest manifest, CancellationToken cancellationToken) =>
        throw new NotSupportedException(Registry);

    /// <summary>What refers to a manifest, by the referrers API or the fallback tag.</summary>
    public Task<IReadOnlyList<Descriptor>> GetReferrersAsync(string repository, Digest subject, CancellationToken cancellationToken) =>
        throw new NotSupportedException(Registry);

    /// <summary>The tags of a repository, all pages.</summary>
    public IAsyncEnumerable<string> ListTagsAsync(string repository, CancellationToken cancellationToken) =>
        throw new NotSupportedException(Registry);

    /// <summary>True when the repository holds the blob (HEAD).</summary>
    public Task<bool> BlobExistsAsync(string repository, Digest digest, CancellationToken cancellationToken) =>
        throw new NotSupportedException(Registry);

    /// <summary>Reads a small blob whole, verified. More than <paramref name="maxBytes"/> is an error.</summary>
    public Task<byte[]> ReadBlobAsync(string repository, Descriptor blob, int maxBytes, CancellationToken cancellationToken) =>
        throw new NotSupportedException(Registry);

    /// <summary>Opens a blob as a stream that verifies length and digest at its end and resumes by itself after a dropped link.</summary>
    public Task<Stream> OpenBlobAsync(string repository, Descriptor blob, CancellationToken cancellationToken) =>
        throw new NotSupportedException(Registry);

    /// <summary>Mounts a blob from another repository of this registry. False: the registry would not, and no upload is left open.</summary>
    public Task<bool> TryMountBlobAsync(string repository, Digest digest, string fromRepository, CancellationToken cancellationToken) =>
        throw new NotSupportedException(Registry);

    /// <summary>
    /// Uploads a blob. <paramref name="open"/> gives the content from an offset on; it is called again to resume after a
    /// dropped link.
    /// </summary>
    public Task UploadBlobAsync(
        string repository, Descriptor blob, Func<long, CancellationToken, Task<Stream>> open, CancellationToken cancellationToken) =>
        throw new NotSupportedException(Registry);
}
