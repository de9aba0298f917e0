using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Policies;
using Ebb.SecretBump.Reports;
using Ebb.SecretBump.Rollouts;
using Ebb.SecretBump.Stores;
using Ebb.Worker;

namespace Ebb.SecretBump.Changes;

/// <summary>Writes keys and values into one environment, all in one version. What is not named stays; the tag of a running environment is a bump's.</summary>
public sealed class ImportChange(PatientStore store, ChangeHistory history, BumpOptions options, TimeProvider time)
{
    internal async Task<EnvironmentReport> RunAsync(
        SecretPlace place, IReadOnlyDictionary<string, string> values, bool dryRun, ChangeRun run, StepLog steps, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var current = await store.TryAsync(secrets => secrets.ReadAsync(place, cancellationToken), steps.Waiting, cancellationToken);
            steps.Done("read", current is null ? "there is no such secret yet" : $"{current}");
            var known = await history.SettleAsync(place, current, steps.Waiting, cancellationToken);
            try
            {
                return await ActAsync(place, values, dryRun, run, current, known, steps, cancellationToken);
            }
            catch (SecretStoreException conflict) when (conflict.Fault is SecretStoreFault.Conflict && attempt < options.MaxConflicts)
            {
                steps.Done("conflict", "somebody wrote meanwhile; it is read and decided again");
            }
        }
    }

    private async Task<EnvironmentReport> ActAsync(
        SecretPlace place, IReadOnlyDictionary<string, string> values, bool dryRun, ChangeRun run, StoredSecret? current, EnvironmentDocument known, StepLog steps, CancellationToken cancellationToken)
    {
        Check(current, values);
        var keys = values.ToDictionary(value => value.Key, value => ChangeOf(current, value.Key, value.Value));
        var (oldTag, version) = (current?.Values?.Text(options.TagKey), current?.Version.Id);
        var tag = values.GetValueOrDefault(options.TagKey) ?? oldTag;
        var report = new EnvironmentReport
        {
            Environment = place.Environment,
            Action = ChangeAction.Unchanged,
            OldTag = oldTag,
            NewTag = tag,
            OldVersion = version,
            NewVersion = version,
            Keys = keys,
        };
        if (keys.Values.All(key => key == KeyChange.Same))
        {
            // Its own write, when the answer to it or the process was lost.
            return ChangeHistory.MadeBy(known, run.Id, tag: null) is { } made && made.Version == version ? await FinishAsync(made.From, made.Version, run, report, cancellationToken) : report;
        }

        if (dryRun)
        {
            return report with { Action = ChangeAction.WouldImport, NewVersion = null };
        }

        var change = new MadeChange { From = version, Change = "import", Tag = tag, By = run.By, Run = run.Id, At = time.GetUtcNow() };
        await ChangeHistory.BeginAsync(run, change, ClusterBefore.Nothing, cancellationToken);
        var changed = values.Where(value => keys[value.Key] != KeyChange.Same).ToDictionary(value => value.Key, value => (string?)value.Value);
        var note = new VersionNote { Tag = tag ?? "", By = run.By, Run = run.Id };
        var written = await store.TryAsync(secrets => secrets.ChangeAsync(place, current, changed, note, cancellationToken), steps.Waiting, cancellationToken);
        await history.MadeAsync(run, place, oldTag, change, written, cancellationToken);
        steps.Done("write", $"{changed.Count} keys, version {version ?? "none"} to {written.Id}");
        return await FinishAsync(version, written.Id, run, report, cancellationToken);
    }

    // The tag runs as well as it did.
    private static async Task<EnvironmentReport> FinishAsync(string? from, string written, ChangeRun run, EnvironmentReport report, CancellationToken cancellationToken)
    {
        await run.Held.UpdateAsync(known => known with { Begun = null, HealthyVersion = known.HealthyVersion == from && from is not null ? written : known.HealthyVersion }, cancellationToken);
        return report with { Action = ChangeAction.Imported, OldVersion = from, NewVersion = written };
    }

    private void Check(StoredSecret? current, IReadOnlyDictionary<string, string> values)
    {
        if (current is { Values: null })
        {
            throw new ChangeException(
                FailureKind.Conflict, "deleted", $"the newest version {current.Version.Id} was deleted, so what belongs beside the imported keys is not there", "Undelete it, or roll back to an earlier version.");
        }

        if (current is not null && values.TryGetValue(options.TagKey, out var tag) && current.Values!.Text(options.TagKey) != tag)
        {
            throw new ChangeException(
                FailureKind.Conflict, "tag", $"the import would change {options.TagKey}, past the environment's policy", $"Leave {options.TagKey} out, and bump.");
        }
    }

    private static KeyChange ChangeOf(StoredSecret? current, string key, string value) =>
        current?.Values?.Keys.Contains(key) is not true ? KeyChange.Added : current.Values.Text(key) == value ? KeyChange.Same : KeyChange.Changed;
}
