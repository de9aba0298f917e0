using Ebb.Oci;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>The upstream repository of one image.</summary>
internal sealed record SourceRepository(RegistryClient Client, string Repository, SourceQuota Quota)
{
    /// <exception cref="MirrorException">The source's Harbor project does not exist.</exception>
    public Task<Descriptor?> HeadAsync(string reference, CancellationToken cancellationToken) =>
        InProjectAsync(() => Client.HeadManifestAsync(Repository, reference, cancellationToken));

    /// <summary>Reads a manifest by its digest, so that a tag that moves or goes meanwhile changes nothing.</summary>
    /// <exception cref="MirrorException">It is gone, or the quota is used up.</exception>
    public async Task<Manifest> GetAsync(Digest digest, CancellationToken cancellationToken) =>
        await InProjectAsync(() => Quota.SpendAsync(Client, () => Client.GetManifestAsync(Repository, digest.ToString(), cancellationToken)))
        ?? throw new MirrorException(
            "notFound",
            $"{Client.Registry}/{Repository} named {digest}, but no longer has it",
            "The source was changed meanwhile; the next run sees its new state. If it stays, the source is damaged.");

    public Task<Stream> OpenAsync(Descriptor blob, long offset, CancellationToken cancellationToken) =>
        InProjectAsync(() => Client.OpenBlobAsync(Repository, blob, offset, cancellationToken));

    // Said of the source here, where that is known: the target's project is another matter, and may be created.
    private static async Task<T> InProjectAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (RegistryException e) when (e.Fault == RegistryFault.ProjectMissing)
        {
            throw new MirrorException("projectMissing", e.Cause, "Correct the entry's source: its project must be there, and the mirror must be allowed to see it.");
        }
    }
}
