using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Deciding;
using Ebb.SecretBump.Policies;
using Ebb.SecretBump.Reports;
using Ebb.SecretBump.Stores;

namespace Ebb.SecretBump.Changes;

/// <summary>Brings a tag into one environment: read, decide, write with check-and-set, follow. On a conflict it reads and decides again.</summary>
public sealed class BumpChange(
    PatientStore store, EnvironmentMemory memory, ChangeHistory history, VersionFollower follower, TaggedVersions versions, ImageCheck images, BumpOptions options, ChangeAudit audit, TimeProvider time)
{
    internal async Task<EnvironmentReport> RunAsync(SecretPlace place, BumpOrder order, ChangeRun run, StepLog steps, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var current = await store.TryAsync(secrets => secrets.ReadAsync(place, cancellationToken), steps.Waiting, cancellationToken);
            var stored = Stored(current);
            steps.Done("read", stored.Version is null ? "there is no such secret" : $"version {stored.Version} holds {stored.Tag ?? "no tag"}");
            var known = await history.SettleAsync(place, current, steps.Waiting, cancellationToken);
            var report = new EnvironmentReport
            {
                Environment = place.Environment,
                Action = ChangeAction.Unchanged,
                OldTag = stored.Tag,
                NewTag = stored.Tag,
                OldVersion = stored.Version,
                NewVersion = stored.Version,
            };
            try
            {
                return await ActAsync(place, order, run, current, known, report, steps, cancellationToken);
            }
            catch (SecretStoreException conflict) when (conflict.Fault is SecretStoreFault.Conflict && attempt < options.MaxConflicts)
            {
                steps.Done("conflict", "somebody wrote meanwhile; it is read and decided again");
            }
        }
    }

    private StoredState Stored(StoredSecret? current) => new(current?.Version.Id, current is { Values: null }, current?.Values?.Text(options.TagKey));

    private async Task<EnvironmentReport> ActAsync(
        SecretPlace place, BumpOrder order, ChangeRun run, StoredSecret? current, EnvironmentDocument known, EnvironmentReport report, StepLog steps, CancellationToken cancellationToken)
    {
        var begun = current is null ? null : ChangeHistory.BegunOf(known, current.Version.Id);
        if (begun?.Change is { Change: "rollback" } back && back.Run == run.Id)
        {
            return await follower.FinishRollBackAsync(place, current!.Version, begun, run, report, steps, cancellationToken);
        }

        // This run wrote it, died, and meanwhile somebody else wrote over it: their change is the later one.
        if (report.OldTag != order.Tag && ChangeHistory.MadeBy(known, run.Id, order.Tag) is { } made)
        {
            throw ChangeHistory.Replaced(made, report.OldVersion);
        }

        var verdict = BumpDecider.Decide(await QuestionAsync(place, order, current, known, steps, cancellationToken));
        switch (verdict)
        {
            case Verdict.Nothing:
                return report;
            case Verdict.Follow when order.DryRun:
                return report with { Cause = "the tag is there; its rollout would be followed" };
            case Verdict.Follow:
                report = begun is null ? report : report with { Action = ChangeAction.Updated };
                return await follower.FollowAsync(place, current!.Version, order.Tag, begun, run, report, steps, cancellationToken);
            case Verdict.Ask:
                return await AskAsync(place, order, run, report, cancellationToken);
            case Verdict.Refuse refusal:
                throw ChangeException.Of(refusal);
            default:
                await images.RequireAsync(place.Application, order.Tag, steps, cancellationToken);
                return order.DryRun
                    ? report with { Action = ChangeAction.WouldUpdate, NewTag = order.Tag, NewVersion = null }
                    : await WriteAsync(place, order, run, current!, report, steps, cancellationToken);
        }
    }

    private async Task<BumpQuestion> QuestionAsync(SecretPlace place, BumpOrder order, StoredSecret? current, EnvironmentDocument known, StepLog steps, CancellationToken cancellationToken)
    {
        var policy = options.PolicyOf(place.Environment);
        return new BumpQuestion
        {
            Tag = order.Tag,
            Build = order.Build,
            Approved = order.ApprovedBy is not null,
            Stored = Stored(current),
            Earlier = await EarlierAsync(place, order, current, known, steps, cancellationToken),
            Known = known,
            Before = policy.After is { } before && !order.BeforeIsAssumed ? await memory.ReadAsync(SecretPlace.Parse(place.Application, before), cancellationToken) : null,
            Policy = order.BeforeIsAssumed ? policy with { After = null } : policy,
            Now = time.GetUtcNow(),
        };
    }

    // Asked only where the answer can count: the newest version holds another tag, and a build is named that could be a late repetition.
    private async Task<IReadOnlyList<StoredVersion>> EarlierAsync(
        SecretPlace place, BumpOrder order, StoredSecret? current, EnvironmentDocument known, StepLog steps, CancellationToken cancellationToken) =>
        current is null || order.Build is null || current.Values?.Text(options.TagKey) == order.Tag
            ? []
            : await versions.OfTagAsync(place, known, order.Tag, steps.Waiting, cancellationToken);

    private async Task<EnvironmentReport> AskAsync(SecretPlace place, BumpOrder order, ChangeRun run, EnvironmentReport report, CancellationToken cancellationToken)
    {
        report = report with { NewTag = order.Tag, NewVersion = null, Cause = "the environment's policy asks for a second key", Remedy = "POST /api/secrets/approve with the same application, environment and new_tag, and another key." };
        if (order.DryRun)
        {
            return report with { Action = ChangeAction.WouldAsk };
        }

        var pending = new PendingApproval(order.Tag, order.By, time.GetUtcNow(), order.Build, order.Commit, run.Id);
        await run.Held.UpdateAsync(known => known.Pending?.Run == run.Id ? known : known with { Pending = pending }, cancellationToken);
        audit.Noted(place, "request for approval", order.Tag, run);
        return report with { Action = ChangeAction.AwaitingApproval };
    }

    private async Task<EnvironmentReport> WriteAsync(
        SecretPlace place, BumpOrder order, ChangeRun run, StoredSecret current, EnvironmentReport report, StepLog steps, CancellationToken cancellationToken)
    {
        var change = new MadeChange
        {
            From = current.Version.Id,
            Change = "bump",
            Tag = order.Tag,
            By = order.By,
            ApprovedBy = order.ApprovedBy,
            Build = order.Build,
            Commit = order.Commit,
            Run = run.Id,
            At = time.GetUtcNow(),
        };
        await ChangeHistory.BeginAsync(run, change, await follower.LookAsync(place, cancellationToken), cancellationToken);
        var note = new VersionNote { Tag = order.Tag, By = order.By, Build = order.Build, Commit = order.Commit, Run = run.Id };
        var written = await store.TryAsync(
            secrets => secrets.ChangeAsync(place, current, new Dictionary<string, string?> { [options.TagKey] = order.Tag }, note, cancellationToken), steps.Waiting, cancellationToken);
        var known = await history.MadeAsync(run, place, report.OldTag, change, written, cancellationToken);
        steps.Done("write", $"{report.OldTag ?? "no tag"} to {order.Tag}, version {report.OldVersion} to {written.Id}");
        if (known.Pending is not null)
        {
            await run.Held.UpdateAsync(latest => latest with { Pending = null }, cancellationToken);
        }

        report = report with { Action = ChangeAction.Updated, NewTag = order.Tag, NewVersion = written.Id };
        return await follower.FollowAsync(place, written, order.Tag, ChangeHistory.BegunOf(known, written.Id), run, report, steps, cancellationToken);
    }
}
