using Ebb.Contracts;
using Ebb.Contracts.Etcd;
using Ebb.EtcdBackup.Backups;
using Ebb.EtcdBackup.Reports;
using Ebb.EtcdBackup.Retention;
using Ebb.ObjectStore;
using Ebb.Worker;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.EtcdBackup;

/// <summary>Takes snapshots of etcd and prunes them.</summary>
public static class BackupEtcd
{
    private static readonly TimeSpan BusyPause = TimeSpan.FromMinutes(1);

    /// <summary>Takes the nightly snapshot, after whatever else is at work.</summary>
    [Function("SnapshotNightly")]
    public static async Task<BackupReport> OnSchedule([TimerTrigger("%EtcdBackup:Schedule%")] TimerInfo timer, FunctionContext context)
    {
        try
        {
            return await TakeAsync(new SnapshotRequest(), context);
        }
        catch (FunctionFailedException e) when (e.InnerException is SnapshotException { Failure: SnapshotFailure.Busy })
        {
            // Nobody asks again before the next night, and the other one may only prune, or be dead.
            throw new FunctionPostponedException(BusyPause, e.Message);
        }
    }

    /// <summary>Takes a snapshot now.</summary>
    [Function("SnapshotOnRequest")]
    public static Task<BackupReport> OnRequest([QueueTrigger(Queues.EtcdSnapshots)] SnapshotRequest request, FunctionContext context) => TakeAsync(request, context);

    /// <summary>Takes a snapshot because a RabbitMQ message asks for it.</summary>
    [Function("SnapshotOnMessage")]
    public static Task<BackupReport> OnMessage([RabbitMQTrigger("%EtcdBackup:RabbitMQQueue%")] SnapshotRequest request, FunctionContext context) => TakeAsync(request, context);

    /// <summary>Deletes what retention does not keep, or with <c>dryRun</c> says what that would be.</summary>
    [Function("PruneSnapshots")]
    public static async Task<PruneReport> Prune([QueueTrigger(Queues.EtcdPrune)] PruneRequest request, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var report = await GuardAsync(() => Engine(context).PruneAsync(request.DryRun, context.RunId, context.CancellationToken));
        return report.Failed.Count == 0
            ? report
            : throw FunctionFailedException.Final($"Not everything could be deleted:\n{string.Join('\n', report.Failed)}", report, ReportJson.Default.PruneReport);
    }

    private static async Task<BackupReport> TakeAsync(SnapshotRequest request, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var report = await GuardAsync(() => Engine(context).RunAsync(request.Prune ?? true, context.RunId, context.ReportProgress, context.CancellationToken));
        return Unfinished(report) is { } unfinished
            ? throw FunctionFailedException.Final($"{report.Name} is stored{(report.Verified ? " and verified" : "")}, but {unfinished}", report, ReportJson.Default.BackupReport)
            : report;
    }

    private static string? Unfinished(BackupReport report) => report.Unfinished ?? (report.Prune?.Failed is { Count: > 0 } failed
        ? $"not everything that retention does not keep could be deleted:\n{string.Join('\n', failed)}"
        : null);

    private static BackupEngine Engine(FunctionContext context) => context.InstanceServices.GetRequiredService<BackupEngine>();

    // Whether trying again could help.
    private static async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (SnapshotException e) when (!e.ConcernsOneMember)
        {
            throw new FunctionFailedException(e.Message, e) { Retryable = false };
        }
        catch (ObjectStoreException e) when (!e.IsTransient)
        {
            throw new FunctionFailedException(e.Message, e) { Retryable = false };
        }
    }
}
