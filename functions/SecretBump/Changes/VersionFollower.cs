using Ebb.Contracts.Secrets;
using Ebb.Kubernetes;
using Ebb.SecretBump.Policies;
using Ebb.SecretBump.Reports;
using Ebb.SecretBump.Rollouts;
using Ebb.SecretBump.Stores;
using Ebb.Worker;
using Microsoft.Extensions.Logging;

namespace Ebb.SecretBump.Changes;

/// <summary>Follows a version that is written to the pods that run with it, and brings the one before back where the policy says so.</summary>
public sealed partial class VersionFollower(
    PatientStore store, ChangeHistory history, SecretRollout rollout, BumpOptions options, TimeProvider time, ILogger<VersionFollower> logger)
{
    /// <summary>What is in the cluster before a change.</summary>
    internal Task<ClusterBefore> LookAsync(SecretPlace place, CancellationToken cancellationToken) => rollout.LookAsync(place, cancellationToken);

    /// <summary>Follows the version.</summary>
    /// <param name="place">The environment.</param>
    /// <param name="version">The version.</param>
    /// <param name="tag">The tag in it.</param>
    /// <param name="begun">The change that made it, when it was ours and has not been seen healthy.</param>
    /// <param name="run">The run that follows it.</param>
    /// <param name="report">The report so far.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="cancellationToken">Stops it; the same change continues it.</param>
    internal async Task<EnvironmentReport> FollowAsync(
        SecretPlace place, StoredVersion version, string tag, BegunChange? begun, ChangeRun run, EnvironmentReport report, StepLog steps, CancellationToken cancellationToken)
    {
        if (options.NamespaceOf(place.Application, place.Environment) is not { } @namespace)
        {
            steps.Done("rollout", "nothing is rolled out here: SecretBump:Namespace is not set");
        }
        else
        {
            var before = begun is not null
                ? ClusterBefore.Of(begun)
                : await ChangeHistory.FollowingAsync(run, version.Id, await LookAsync(place, cancellationToken), cancellationToken);
            var order = OrderOf(place, @namespace, version, tag, before, run) with { IsWhole = IsWhole(begun) };
            try
            {
                await rollout.FollowAsync(order, steps, cancellationToken);
            }
            catch (Exception e) when (CanRollBack(place, begun, e))
            {
                return await RollBackAsync(order, begun!.Change, run, report, Failure.Of(e)!, steps, cancellationToken);
            }
        }

        await ChangeHistory.HealthyAsync(run, version.Id, tag, cancellationToken);
        return report;
    }

    // Only for the workloads' own fault: a Kubernetes API that is gone says nothing about the version.
    private bool CanRollBack(SecretPlace place, BegunChange? begun, Exception exception) =>
        begun is { Change: { From: not null, Change: "bump" } } && options.PolicyOf(place.Environment).AutoRollback && exception is ChangeException { Fault: "unhealthy" or "slow" };

    private async Task<EnvironmentReport> RollBackAsync(RolloutOrder failed, MadeChange change, ChangeRun run, EnvironmentReport report, Failure failure, StepLog steps, CancellationToken cancellationToken)
    {
        var place = failed.Place;
        steps.Done("rollout", failure.Cause);
        var current = await store.TryAsync(secrets => secrets.ReadAsync(place, cancellationToken), steps.Waiting, cancellationToken);
        var earlier = await store.TryAsync(secrets => secrets.ReadAsync(place, change.From!, cancellationToken), steps.Waiting, cancellationToken);
        if (current?.Version.Id != failed.Version.Id || earlier?.Values is not { } values)
        {
            return Failed(report, failure) with { Remedy = $"It was not rolled back: {(earlier?.Values is null ? $"version {change.From} is not kept" : "somebody wrote meanwhile")}. {failure.Remedy}" };
        }

        var tag = values.Text(options.TagKey);
        var restoring = change with { From = current.Version.Id, Change = "rollback", Tag = tag, Run = run.Id, At = time.GetUtcNow() };
        var before = await LookAsync(place, cancellationToken);
        await ChangeHistory.BeginAsync(run, restoring, before, cancellationToken);
        var note = new VersionNote { Tag = tag ?? "", By = change.By, Build = change.Build, Commit = change.Commit, Run = run.Id };
        var written = await store.TryAsync(secrets => secrets.RestoreAsync(place, current, earlier, note, cancellationToken), steps.Waiting, cancellationToken);
        await history.MadeAsync(run, place, change.Tag, restoring, written, cancellationToken);
        steps.Done("restore", $"{change.Tag} back to {tag ?? "no tag"}, version {current.Version.Id} to {written.Id}");
        report = Failed(report, failure) with { RolledBackTo = written.Id, NewTag = tag, NewVersion = written.Id };
        return await FollowBackAsync(OrderOf(place, failed.Namespace, written, tag ?? "", before, run) with { IsWhole = true }, report, steps, cancellationToken);
    }

    /// <summary>Goes on with a version that was brought back before a crash.</summary>
    internal Task<EnvironmentReport> FinishRollBackAsync(
        SecretPlace place, StoredVersion version, BegunChange begun, ChangeRun run, EnvironmentReport report, StepLog steps, CancellationToken cancellationToken)
    {
        var order = OrderOf(place, options.NamespaceOf(place.Application, place.Environment)!, version, begun.Change.Tag ?? "", ClusterBefore.Of(begun), run) with { IsWhole = IsWhole(begun) };
        var failure = new Failure(
            FailureKind.Unprocessable, "unhealthy", "it did not run, and the version before was brought back; what the pods said was lost with the process that saw it", "Mend the image or its configuration.");
        return FollowBackAsync(order, Failed(report, failure) with { RolledBackTo = version.Id }, steps, cancellationToken);
    }

    private async Task<EnvironmentReport> FollowBackAsync(RolloutOrder order, EnvironmentReport report, StepLog steps, CancellationToken cancellationToken)
    {
        try
        {
            await rollout.FollowAsync(order, steps, cancellationToken);
            await ChangeHistory.HealthyAsync(order.Run, order.Version.Id, order.Tag, cancellationToken);
            return report;
        }
        catch (Exception e) when (e is ChangeException { Fault: not "overtaken" } or KubernetesException)
        {
            LogNotRolledBack(logger, order.Place, e);
            return report with { Remedy = $"The version before was restored and does not run either: {e.Message}" };
        }
    }

    private static RolloutOrder OrderOf(SecretPlace place, string @namespace, StoredVersion version, string tag, ClusterBefore before, ChangeRun run) => new()
    {
        Place = place,
        Namespace = @namespace,
        Version = version,
        Tag = tag,
        Run = run,
        Before = before,
    };

    private static bool IsWhole(BegunChange? begun) => begun is { Change.Change: "rollback" };

    private static EnvironmentReport Failed(EnvironmentReport report, Failure failure) => report with
    {
        Action = ChangeAction.Failed,
        Kind = failure.Kind,
        Fault = failure.Fault,
        Cause = failure.Cause,
        Remedy = failure.Remedy,
    };

    [LoggerMessage(6010, LogLevel.Error, "{Place} was rolled back because its rollout failed, and does not run with the version before either")]
    private static partial void LogNotRolledBack(ILogger logger, SecretPlace place, Exception exception);
}
