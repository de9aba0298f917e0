using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Stores;
using Ebb.Storage.Exclusion;
using Ebb.Worker;

namespace Ebb.SecretBump.Changes;

/// <summary>
/// An environment whose exclusive key a run holds. The queue makes one change of an application at a time, but a worker whose lease lapsed may
/// still be at work when its run has ended elsewhere and the next one is under way; what it writes is refused then, and it stops.
/// </summary>
internal sealed class HeldEnvironment(SecretPlace place, string run, ExclusiveHold hold)
{
    /// <summary>What the keys begin with.</summary>
    public const string KeyPrefix = "secret-locks/";

    private readonly EnvironmentMemory _memory = new(hold.Documents);

    public static string KeyOf(SecretPlace place) => $"{KeyPrefix}{place.Application}/{place.Environment}";

    /// <summary>Notes that the run begins to act on the environment; a repetition keeps the run's place.</summary>
    /// <exception cref="ChangeException">A later run has begun.</exception>
    public Task EnterAsync(CancellationToken cancellationToken) => _memory.UpdateAsync(
        place,
        known => known.Runs.Contains(run)
            ? Required(known)
            : known with { Runs = [run, .. known.Runs.Take(EnvironmentDocument.MaxRuns - 1)] },
        cancellationToken);

    /// <summary>Makes sure, before something outside of host storage is changed, that the key is held and no later run has begun.</summary>
    /// <exception cref="ChangeException">One has.</exception>
    /// <exception cref="KeyLostException">Another attempt has the key.</exception>
    public async Task RequireAsync(CancellationToken cancellationToken)
    {
        await hold.RequireAsync(cancellationToken);
        // A worker of the version before takes no key.
        Required(await _memory.ReadAsync(place, cancellationToken));
    }

    /// <summary>Changes what is known, if the key is held and no later run has begun.</summary>
    /// <exception cref="ChangeException">One has; nothing was changed.</exception>
    /// <exception cref="KeyLostException">Another attempt has the key; nothing was changed.</exception>
    public Task<EnvironmentDocument> UpdateAsync(Func<EnvironmentDocument, EnvironmentDocument> change, CancellationToken cancellationToken) =>
        _memory.UpdateAsync(place, known => change(Required(known)), cancellationToken);

    private EnvironmentDocument Required(EnvironmentDocument known) => known.Runs is [] || known.Runs[0] == run ? known : throw new ChangeException(
        FailureKind.Conflict, "overtaken", $"a later change, run {known.Runs[0]}, has begun since", "Ask again if it is still wanted.");
}
