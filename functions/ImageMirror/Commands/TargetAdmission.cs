using System.Collections.Concurrent;
using Ebb.Oci;
using Ebb.Signing;

namespace Ebb.ImageMirror.Commands;

/// <summary>Finds what lies in the target and would be refused by the policy that covers it.</summary>
internal sealed class TargetAdmission(RegistryClients registries, ImageAdmission admission)
{
    private const int AtOnce = 4;
    private const int Shown = 20;

    /// <summary>The problems, one for each image; the first twenty, and how many more there are. Tags that hold signatures are no images.</summary>
    /// <param name="repositories">Repositories: <c>registry/repository</c>.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public async Task<IReadOnlyList<string>> FindProblemsAsync(IReadOnlyList<string> repositories, CancellationToken cancellationToken)
    {
        var problems = new ConcurrentBag<string>();
        foreach (var reference in repositories.Select(ImageReference.Parse))
        {
            var client = registries.For(reference.Registry);
            try
            {
                await Parallel.ForEachAsync(
                    client.ListTagsAsync(reference.Repository, cancellationToken).Where(IsImage),
                    new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                    async (tag, token) =>
                    {
                        if (await client.HeadManifestAsync(reference.Repository, tag, token) is { } image
                            && await admission.FindProblemAsync(reference.Registry, reference.Repository, image, token) is { } problem)
                        {
                            problems.Add($"{reference.Registry}/{reference.Repository}:{tag} {problem}");
                        }
                    });
            }
            catch (RegistryException e) when (e.Fault == RegistryFault.NotFound)
            {
                // Nothing was mirrored there yet, so nothing is refused.
            }
            catch (RegistryException e)
            {
                problems.Add($"{reference.Registry}/{reference.Repository} could not be looked at: {e.Cause}");
            }
        }

        var sorted = problems.Order(StringComparer.Ordinal).ToList();
        return sorted.Count <= Shown ? sorted : [.. sorted.Take(Shown), $"and {sorted.Count - Shown} more"];
    }

    // sha256-….sig and its like, and the list of referrers that registries without the API keep (OCI distribution-spec v1.1.1, Referrers Tag Schema).
    private static bool IsImage(string tag) => !tag.StartsWith("sha256-", StringComparison.Ordinal) && !tag.StartsWith("sha512-", StringComparison.Ordinal);
}
