using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Stores;
using Ebb.Worker;

namespace Ebb.SecretBump.Changes;

/// <summary>
/// Remembers in which order runs came to an environment. The queue makes one change of an application at a time, but a worker whose lease
/// lapsed may still be at work when its run has ended elsewhere and the next one is under way; here it finds out, and stops.
/// </summary>
public sealed class ChangeLine(EnvironmentMemory memory)
{
    /// <summary>Notes that a run begins to act on the environment; a repetition keeps the run's place.</summary>
    /// <exception cref="ChangeException">A later run has begun.</exception>
    internal Task EnterAsync(SecretPlace place, string run, CancellationToken cancellationToken) => memory.UpdateAsync(
        place,
        known => known.Runs.Contains(run)
            ? Required(known, run)
            : known with { Runs = [run, .. known.Runs.Take(EnvironmentDocument.MaxRuns - 1)] },
        cancellationToken);

    /// <summary>Makes sure that no later run has begun.</summary>
    /// <exception cref="ChangeException">One has.</exception>
    internal async Task RequireLastAsync(SecretPlace place, string run, CancellationToken cancellationToken) =>
        Required(await memory.ReadAsync(place, cancellationToken), run);

    /// <summary>Changes what is known, if no later run has begun.</summary>
    /// <exception cref="ChangeException">One has; nothing was changed.</exception>
    internal Task<EnvironmentDocument> UpdateAsync(SecretPlace place, string run, Func<EnvironmentDocument, EnvironmentDocument> change, CancellationToken cancellationToken) =>
        memory.UpdateAsync(place, known => change(Required(known, run)), cancellationToken);

    /// <summary>Whether no later run has begun.</summary>
    internal static bool IsLast(EnvironmentDocument known, string run) => known.Runs is [] || known.Runs[0] == run;

    private static EnvironmentDocument Required(EnvironmentDocument known, string run) => IsLast(known, run) ? known : throw new ChangeException(
        FailureKind.Conflict, "overtaken", $"a later change, run {known.Runs[0]}, has begun since", "Ask again if it is still wanted.");
}
