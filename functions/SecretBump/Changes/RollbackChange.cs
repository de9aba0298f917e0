using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Policies;
using Ebb.SecretBump.Reports;
using Ebb.SecretBump.Stores;
using Ebb.Vault.KeyValue;
using Ebb.Worker;

namespace Ebb.SecretBump.Changes;

/// <summary>Restores the content of an earlier version as a new one. No policy stands in its way: it is what people do when something is broken.</summary>
public sealed class RollbackChange(
    PatientStore store, ChangeHistory history, VersionFollower follower, TaggedVersions versions, BumpOptions options, ChangeAudit audit, TimeProvider time)
{
    private const int TagsShown = 10;

    internal async Task<EnvironmentReport> RunAsync(SecretPlace place, RollbackRequest request, ChangeRun run, StepLog steps, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var current = await store.TryAsync(secrets => secrets.ReadAsync(place, cancellationToken), steps.Waiting, cancellationToken) ?? throw Unknown(place);
            var known = await history.SettleAsync(place, current, steps.Waiting, cancellationToken);
            if (ChangeHistory.MadeBy(known, run.Id, tag: null) is { } made && made.Version != current.Version.Id)
            {
                return await FollowOtherAsync(place, made, current, run, steps, cancellationToken);
            }

            var earlier = await TargetAsync(place, request.To, known, steps, cancellationToken);
            try
            {
                return await ActAsync(place, request, run, current, known, earlier, steps, cancellationToken);
            }
            catch (SecretStoreException conflict) when (conflict.Fault is SecretStoreFault.Conflict && attempt < options.MaxConflicts)
            {
                steps.Done("conflict", "somebody wrote meanwhile; it is read and decided again");
            }
        }
    }

    internal static ChangeException Unknown(SecretPlace place) => new(
        FailureKind.NotFound, "unknown", $"the application '{place.Application}' has no environment '{place.Environment}'", "Check both names.");

    private async Task<StoredSecret> TargetAsync(SecretPlace place, string to, EnvironmentDocument known, StepLog steps, CancellationToken cancellationToken)
    {
        var found = await versions.FindAsync(place, known, steps.Waiting, cancellationToken);
        var target = found.FirstOrDefault(version => version.Tag == to) ?? found.FirstOrDefault(version => version.Version == to);
        if (target is null || await store.TryAsync(secrets => secrets.ReadAsync(place, target.Version, cancellationToken), steps.Waiting, cancellationToken) is not { Values: not null } secret)
        {
            var there = string.Join(", ", found.Take(TagsShown).Select(version => $"{version.Tag} (version {version.Version})"));
            throw new ChangeException(
                FailureKind.NotFound, "no-version", $"there is no version '{to}' to go back to", there.Length == 0 ? "No version with a tag is kept." : $"There are: {there}.");
        }

        steps.Done("read", $"{to} is version {target.Version} with {target.Tag}");
        return secret;
    }

    private async Task<EnvironmentReport> ActAsync(
        SecretPlace place, RollbackRequest request, ChangeRun run, StoredSecret current, EnvironmentDocument known, StoredSecret earlier, StepLog steps, CancellationToken cancellationToken)
    {
        var (oldTag, tag) = (current.Values?.Text(options.TagKey), earlier.Values!.Text(options.TagKey)!);
        var report = new EnvironmentReport
        {
            Environment = place.Environment,
            Action = ChangeAction.Unchanged,
            OldTag = oldTag,
            NewTag = tag,
            OldVersion = current.Version.Id,
            NewVersion = current.Version.Id,
        };
        var isThere = current.Values is { } values && AreSame(values, earlier.Values!);
        if (request.DryRun)
        {
            return isThere ? report : report with { Action = ChangeAction.WouldRestore, NewVersion = null };
        }

        await PinAsync(place, request, tag, run, cancellationToken);
        if (isThere)
        {
            var begun = ChangeHistory.BegunOf(known, current.Version.Id);
            return await follower.FollowAsync(place, current.Version, tag, begun, run, begun is null ? report : report with { Action = ChangeAction.Restored }, steps, cancellationToken);
        }

        var change = new MadeChange { From = current.Version.Id, Change = "rollback", Tag = tag, By = run.By, Run = run.Id, At = time.GetUtcNow() };
        await ChangeHistory.BeginAsync(run, change, await follower.LookAsync(place, cancellationToken), cancellationToken);
        var note = new VersionNote { Tag = tag, By = run.By, Run = run.Id };
        var written = await store.TryAsync(secrets => secrets.RestoreAsync(place, current, earlier, note, cancellationToken), steps.Waiting, cancellationToken);
        known = await history.MadeAsync(run, place, oldTag, change, written, cancellationToken);
        steps.Done("restore", $"{oldTag ?? "no tag"} back to {tag}, version {current.Version.Id} to {written.Id}");
        return await follower.FollowAsync(place, written, tag, ChangeHistory.BegunOf(known, written.Id), run, report with { Action = ChangeAction.Restored, NewVersion = written.Id }, steps, cancellationToken);
    }

    // This run wrote it, died, and meanwhile somebody else wrote over it: it is not written again.
    private async Task<EnvironmentReport> FollowOtherAsync(SecretPlace place, MadeChange made, StoredSecret current, ChangeRun run, StepLog steps, CancellationToken cancellationToken)
    {
        var tag = current.Values?.Text(options.TagKey);
        if (tag is null || tag != made.Tag)
        {
            throw ChangeHistory.Replaced(made, current.Version.Id);
        }

        var report = new EnvironmentReport
        {
            Environment = place.Environment,
            Action = ChangeAction.Restored,
            OldVersion = made.From,
            NewTag = tag,
            NewVersion = current.Version.Id,
        };
        return await follower.FollowAsync(place, current.Version, tag, begun: null, run, report, steps, cancellationToken);
    }

    // Before the write: no bump may come in between.
    private async Task PinAsync(SecretPlace place, RollbackRequest request, string tag, ChangeRun run, CancellationToken cancellationToken)
    {
        if (request.Pin)
        {
            var pin = new Pin(tag, run.By, time.GetUtcNow(), request.Reason ?? "rolled back");
            await run.Held.UpdateAsync(known => known.Pin is { } there && there.Tag == pin.Tag ? known : known with { Pin = pin }, cancellationToken);
            audit.Noted(place, "pin", tag, run);
        }
    }

    private static bool AreSame(KeyValueData one, KeyValueData other) =>
        one.Keys.Count == other.Keys.Count && one.Keys.All(key => one.Raw(key).Span.SequenceEqual(other.Raw(key).Span));
}
