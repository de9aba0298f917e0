using Ebb.Oci;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>What all images of one run share.</summary>
internal sealed class MirrorRun : IDisposable
{
    public required RegistryClients Registries { get; init; }

    /// <summary>The target, for writing.</summary>
    public required RegistryClient Target { get; init; }

    /// <summary>The target, for reading.</summary>
    public required TargetReader Reader { get; init; }

    public required TargetPlace Place { get; init; }

    public required BlobTransfers Blobs { get; init; }

    public required SourceQuota Quota { get; init; }

    public required TargetSigner Signer { get; init; }

    public required VerifiedBundles Verified { get; init; }

    public required KeyedLocks Locks { get; init; }

    public required HarborProjects Projects { get; init; }

    public required bool DryRun { get; init; }

    public SourceRepository SourceOf(MirrorEntry entry) =>
        new((entry.IsAnonymous ? Registries.Anonymous : Registries).For(entry.Source.Registry), entry.Source.Repository, Quota);

    public Task<IDisposable> LockAsync(string repository, string reference, CancellationToken cancellationToken) =>
        Locks.EnterAsync($"{Target.Registry}/{repository}:{reference}", cancellationToken);

    public void Dispose()
    {
        Blobs.Dispose();
        Projects.Dispose();
    }
}
