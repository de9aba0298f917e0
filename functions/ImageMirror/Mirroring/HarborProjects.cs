using Ebb.Oci;
using Ebb.Oci.Harbor;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>Creates the target's Harbor project when it is missing and <c>ImageMirror:CreateProjects</c> says so.</summary>
internal sealed class HarborProjects(RegistryClient target, bool create, bool dryRun) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly HashSet<string> _created = [];

    /// <summary>Set in a dry run that found the project missing: what the target holds is then nothing.</summary>
    public bool IsAssumed { get; private set; }

    /// <summary>Does the work, and if it fails for the missing project, creates that and does it once more.</summary>
    public async Task<T> WithProjectAsync<T>(string repository, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work();
        }
        catch (RegistryException e) when (create && e.Fault == RegistryFault.ProjectMissing)
        {
            await CreateAsync(HarborClient.ProjectOf(repository), cancellationToken);
        }

        return await work();
    }

    public void Dispose() => _gate.Dispose();

    private async Task CreateAsync(string project, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (dryRun)
            {
                IsAssumed = true;
            }
            else if (_created.Add(project))
            {
                await target.Harbor.CreateProjectAsync(project, isPublic: false, cancellationToken);
            }
        }
        catch
        {
            _created.Remove(project);
            throw;
        }
        finally
        {
            _gate.Release();
        }
    }
}
