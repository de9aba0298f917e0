using Ebb.Oci;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>Reads the target. In a dry run whose Harbor project would first have to be created, it holds nothing.</summary>
internal sealed class TargetReader(RegistryClient target, HarborProjects projects)
{
    public async Task<Descriptor?> HeadAsync(string repository, string reference, CancellationToken cancellationToken) =>
        projects.IsAssumed ? null : await target.HeadManifestAsync(repository, reference, cancellationToken);

    public async Task<Manifest?> GetAsync(string repository, string reference, CancellationToken cancellationToken) =>
        projects.IsAssumed ? null : await target.GetManifestAsync(repository, reference, cancellationToken);

    public async Task<bool> HoldsAsync(string repository, Digest blob, CancellationToken cancellationToken) =>
        !projects.IsAssumed && await target.BlobExistsAsync(repository, blob, cancellationToken);

    public async Task<IReadOnlyList<Descriptor>> ReferrersAsync(string repository, Digest subject, CancellationToken cancellationToken) =>
        projects.IsAssumed ? [] : await target.GetReferrersAsync(repository, subject, cancellationToken);
}
