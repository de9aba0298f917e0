using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Policies;
using Ebb.SecretBump.Reports;
using Ebb.SecretBump.Stores;

namespace Ebb.SecretBump.Changes;

/// <summary>Looks which applications, environments and versions the store holds, and keeps that for the door to show.</summary>
public sealed class AppsReader(PatientStore store, EnvironmentMemory memory, TaggedVersions versions, BumpOptions options, TimeProvider time)
{
    private const int Parallel = 8;

    /// <summary>Looks at one application, or at all.</summary>
    public async Task<RefreshReport> RefreshAsync(string? application, Action<string> waiting, CancellationToken cancellationToken)
    {
        // Before the store is looked at: an environment that a change makes meanwhile is not gone.
        var remembered = await memory.ListAsync(application, cancellationToken);
        var applications = application is null ? await store.TryAsync(secrets => secrets.ApplicationsAsync(cancellationToken), waiting, cancellationToken) : [application];
        var (seen, problems, changed, gate) = (new HashSet<string>(StringComparer.Ordinal), new List<string>(), 0, new Lock());
        await System.Threading.Tasks.Parallel.ForEachAsync(
            applications,
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
            async (name, token) =>
            {
                try
                {
                    foreach (var environment in await store.TryAsync(secrets => secrets.EnvironmentsAsync(name, token), waiting, token))
                    {
                        var place = SecretPlace.Parse(name, environment);
                        var isNew = await RefreshAsync(place, waiting, token);
                        lock (gate)
                        {
                            seen.Add(EnvironmentDocument.KeyOf(name, environment));
                            changed += isNew ? 1 : 0;
                        }
                    }
                }
                catch (SecretStoreException e)
                {
                    lock (gate)
                    {
                        problems.Add($"{name}: {e.Message}");
                    }
                }
            });
        if (problems.Count == 0)
        {
            foreach (var (gone, version) in remembered.Where(known => !seen.Contains(EnvironmentDocument.KeyOf(known.Known.Application, known.Known.Environment))))
            {
                await memory.ForgetAsync(SecretPlace.Parse(gone.Application, gone.Environment), version, cancellationToken);
            }
        }

        return new RefreshReport(seen.Count, changed, problems);
    }

    private async Task<bool> RefreshAsync(SecretPlace place, Action<string> waiting, CancellationToken cancellationToken)
    {
        while (true)
        {
            var known = await memory.ReadAsync(place, cancellationToken);
            var found = await versions.FindAsync(place, known, waiting, cancellationToken);
            var current = await store.TryAsync(secrets => secrets.ReadAsync(place, cancellationToken), waiting, cancellationToken);
            var isOutdated = false;
            await memory.UpdateAsync(
                place,
                latest =>
                {
                    // What somebody noted since then may be younger than what was read here, and is looked at again.
                    isOutdated = latest.CurrentVersion != known.CurrentVersion || !latest.Versions.SequenceEqual(known.Versions);
                    return isOutdated ? latest : latest with
                    {
                        CurrentVersion = current?.Version.Id,
                        CurrentTag = current?.Values?.Text(options.TagKey),
                        Versions = found,
                        ReadAt = time.GetUtcNow(),
                    };
                },
                cancellationToken);
            if (!isOutdated)
            {
                return current?.Version.Id != known.CurrentVersion || !found.SequenceEqual(known.Versions);
            }
        }
    }
}
