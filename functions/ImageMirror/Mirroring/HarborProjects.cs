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
        var project = HarborClient.ProjectOf(repository);
        var wasThere = IsCreated(project);
        try
        {
            return await work();
        }
        catch (RegistryException e) when (!create && e.Fault == RegistryFault.ProjectMissing)
        {
            throw e.WithRemedy("Create the project in Harbor, or set ImageMirror:CreateProjects.");
        }
        catch (RegistryException e) when (e.Fault == RegistryFault.ProjectMissing)
        {
            await CreateAsync(project, cancellationToken);
        }
        catch (RegistryException e) when (!wasThere && IsRefusal(e) && IsCreated(project))
        {
            // Refused while the project was missing; when the reason was asked for, another image had created it.
        }

        return await work();
    }

    public void Dispose() => _gate.Dispose();

    private static bool IsRefusal(RegistryException e) => e.Fault is RegistryFault.Unauthorized or RegistryFault.Denied or RegistryFault.NotFound;

    private bool IsCreated(string project)
    {
        lock (_created)
        {
            return _created.Contains(project);
        }
    }

    private async Task CreateAsync(string project, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (dryRun)
            {
                IsAssumed = true;
            }
            else if (!IsCreated(project))
            {
                await target.Harbor.CreateProjectAsync(project, isPublic: false, cancellationToken);
                lock (_created)
                {
                    _created.Add(project);
                }
            }
        }
        finally
        {
            _gate.Release();
        }
    }
}
