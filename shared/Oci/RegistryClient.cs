using Ebb.Oci.Blobs;
using Ebb.Oci.Harbor;
using Ebb.Oci.Manifests;
using Ebb.Oci.Transport;

namespace Ebb.Oci;

/// <summary>
/// One registry, spoken to by the OCI distribution-spec v1.1.1. Retries what is transient, honours Retry-After, keeps
/// the host's concurrency limit, and treats every answer as hostile: bounded, hashed, never followed with credentials
/// to another host. Get one from <see cref="RegistryClients"/>. Every call throws <see cref="RegistryException"/> when the
/// registry gives anything but an answer.
/// </summary>
public sealed class RegistryClient
{
    private readonly RegistryTransport _transport;
    private readonly Registry _registry;
    private readonly ManifestClient _manifests;
    private readonly ReferrerClient _referrers;
    private readonly BlobReader _blobs;

    internal RegistryClient(RegistryTransport transport)
    {
        _transport = transport;
        Harbor = new HarborClient(transport);
        _registry = new Registry(transport, Harbor);
        _manifests = new ManifestClient(_registry);
        _referrers = new ReferrerClient(_registry, _manifests);
        _blobs = new BlobReader(_registry);
    }

    /// <summary>Host and port, as named in references.</summary>
    public string Registry => _transport.Registry;

    /// <summary>Harbor's project API at the same host.</summary>
    public HarborClient Harbor { get; }

    /// <summary>The pull quota that the registry told last; null when it tells none.</summary>
    public RateLimit? LastRateLimit => _transport.LastRateLimit;

    /// <summary>HTTP requests sent so far, repetitions, redirects and logins included.</summary>
    public long RequestCount => _transport.Counter.Total;

    /// <summary>Asks for a manifest's descriptor with HEAD; null when it does not exist. <paramref name="reference"/> is a tag or digest.</summary>
    /// <exception cref="RegistryException">Anything but an answer.</exception>
    public Task<Descriptor?> HeadManifestAsync(string repository, string reference, CancellationToken cancellationToken) =>
        _manifests.HeadAsync(repository, reference, cancellationToken);

    /// <summary>Reads a manifest, its digest verified; null when it does not exist.</summary>
    public Task<Manifest?> GetManifestAsync(string repository, string reference, CancellationToken cancellationToken) =>
        _manifests.GetAsync(repository, reference, cancellationToken);

    /// <summary>Writes a manifest under a tag or its digest.</summary>
    /// <returns>True when the registry processed the manifest's subject itself (the <c>OCI-Subject</c> header).</returns>
    public Task<bool> PutManifestAsync(string repository, string reference, Manifest manifest, CancellationToken cancellationToken) =>
        _manifests.PutAsync(repository, reference, manifest, static _ => Task.CompletedTask, cancellationToken);

    /// <summary>
    /// Writes a manifest. When the registry says that it lacks what the manifest names, <paramref name="restore"/> brings it
    /// again and the manifest is put again, a few times: another process may be writing the same content at this moment.
    /// </summary>
    /// <returns>True when the registry processed the manifest's subject itself (the <c>OCI-Subject</c> header).</returns>
    public Task<bool> PutManifestAsync(
        string repository, string reference, Manifest manifest, Func<CancellationToken, Task> restore, CancellationToken cancellationToken) =>
        _manifests.PutAsync(repository, reference, manifest, restore, cancellationToken);

    /// <summary>Writes a manifest that has a subject, as <see cref="PutReferrerAsync(string, Manifest, CancellationToken)"/> does, and restores what it names.</summary>
    public Task PutReferrerAsync(string repository, Manifest manifest, Func<CancellationToken, Task> restore, CancellationToken cancellationToken) =>
        _referrers.PutAsync(repository, manifest, restore, cancellationToken);

    /// <summary>Writes a manifest that has a subject, by digest, and keeps the fallback tag's index where the registry has no referrers API.</summary>
    public Task PutReferrerAsync(string repository, Manifest manifest, CancellationToken cancellationToken) =>
        _referrers.PutAsync(repository, manifest, static _ => Task.CompletedTask, cancellationToken);

    /// <summary>What refers to a manifest, by the referrers API or the fallback tag.</summary>
    public Task<IReadOnlyList<Descriptor>> GetReferrersAsync(string repository, Digest subject, CancellationToken cancellationToken) =>
        _referrers.ListAsync(repository, subject, cancellationToken);

    /// <summary>
    /// The tags of a repository, all pages. Registries list names that are no tags (<c>-ot-beta-jmx</c>, digests): they cannot be pulled and
    /// are passed over.
    /// </summary>
    /// <param name="repository">The repository.</param>
    /// <param name="passOver">Told of each name that is no tag, fit to be shown.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    public IAsyncEnumerable<string> ListTagsAsync(string repository, Action<string> passOver, CancellationToken cancellationToken) =>
        new TagClient(_registry).ListAsync(repository, passOver, cancellationToken);

    /// <summary>The tags of a repository, all pages; names that are no tags are passed over.</summary>
    public IAsyncEnumerable<string> ListTagsAsync(string repository, CancellationToken cancellationToken) => ListTagsAsync(repository, static _ => { }, cancellationToken);

    /// <summary>True when the repository holds the blob (HEAD).</summary>
    public Task<bool> BlobExistsAsync(string repository, Digest digest, CancellationToken cancellationToken) =>
        _blobs.ExistsAsync(repository, digest, cancellationToken);

    /// <summary>Reads a small blob whole, verified. More than <paramref name="maxBytes"/> is an error.</summary>
    public Task<byte[]> ReadBlobAsync(string repository, Descriptor blob, int maxBytes, CancellationToken cancellationToken) =>
        _blobs.ReadAsync(repository, blob, maxBytes, cancellationToken);

    /// <summary>Opens a blob as a stream that verifies length and digest at its end and resumes by itself after a dropped link.</summary>
    public Task<Stream> OpenBlobAsync(string repository, Descriptor blob, CancellationToken cancellationToken) =>
        _blobs.OpenAsync(repository, blob, 0, cancellationToken);

    /// <summary>
    /// Opens a blob from an offset on, to go on with an upload. Its length is verified; its digest only when the offset is 0:
    /// otherwise the registry that receives the whole blob checks it.
    /// </summary>
    public Task<Stream> OpenBlobAsync(string repository, Descriptor blob, long offset, CancellationToken cancellationToken) =>
        _blobs.OpenAsync(repository, blob, offset, cancellationToken);

    /// <summary>Mounts a blob from another repository of this registry. False: the registry would not, and no upload is left open.</summary>
    public async Task<bool> TryMountBlobAsync(string repository, Digest digest, string fromRepository, CancellationToken cancellationToken)
    {
        var calls = new UploadCalls(_registry, repository, digest);
        var (mounted, session) = await calls.TryMountAsync(fromRepository, cancellationToken);
        if (session is not null)
        {
            await calls.AbandonAsync(session);
        }

        return mounted;
    }

    /// <summary>
    /// Uploads a blob. <paramref name="open"/> gives the content from an offset on; it is called again to resume after a
    /// dropped link. The registry verifies the digest.
    /// </summary>
    public async Task UploadBlobAsync(
        string repository, Descriptor blob, Func<long, CancellationToken, Task<Stream>> open, CancellationToken cancellationToken)
    {
        await using var source = new UploadSource(open);
        await new BlobUpload(_registry, _blobs, repository, blob, source).RunAsync(cancellationToken);
    }
}
