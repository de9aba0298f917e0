using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Policies;
using Ebb.SecretBump.Reports;
using Ebb.SecretBump.Stores;
using Ebb.Worker;

namespace Ebb.SecretBump.Changes;

/// <summary>Keeps an environment at its tag, and lets it go again.</summary>
public sealed class PinChange(PatientStore store, EnvironmentMemory memory, BumpOptions options, ChangeAudit audit, TimeProvider time)
{
    internal async Task<EnvironmentReport> PinAsync(SecretPlace place, string? reason, ChangeRun run, StepLog steps, CancellationToken cancellationToken)
    {
        var current = await store.TryAsync(secrets => secrets.ReadAsync(place, cancellationToken), steps.Waiting, cancellationToken) ?? throw RollbackChange.Unknown(place);
        var tag = current.Values?.Text(options.TagKey) ?? throw new ChangeException(
            FailureKind.Conflict, "no-tag", $"version {current.Version.Id} holds no {options.TagKey}, so there is nothing to pin", "Bump it first.");
        await run.Held.UpdateAsync(known => known with { Pin = new Pin(tag, run.By, time.GetUtcNow(), reason) }, cancellationToken);
        audit.Noted(place, "pin", tag, run);
        return Report(place, ChangeAction.Pinned, tag, current.Version.Id);
    }

    internal async Task<EnvironmentReport> UnpinAsync(SecretPlace place, ChangeRun run, CancellationToken cancellationToken)
    {
        var known = await memory.ReadAsync(place, cancellationToken);
        if (known.Pin is not { } pin)
        {
            return Report(place, ChangeAction.Unchanged, known.CurrentTag, known.CurrentVersion);
        }

        await run.Held.UpdateAsync(latest => latest with { Pin = null }, cancellationToken);
        audit.Noted(place, "unpin", pin.Tag, run);
        return Report(place, ChangeAction.Unpinned, known.CurrentTag, known.CurrentVersion);
    }

    private static EnvironmentReport Report(SecretPlace place, ChangeAction action, string? tag, string? version) => new()
    {
        Environment = place.Environment,
        Action = action,
        OldTag = tag,
        NewTag = tag,
        OldVersion = version,
        NewVersion = version,
    };
}
