using Ebb.Contracts;
using Ebb.Contracts.Etcd;
using Ebb.EtcdBackup.Configuration;
using Ebb.ObjectStore;
using Ebb.Worker;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.EtcdBackup.Drills;

/// <summary>Tries out whether stored snapshots can be restored.</summary>
public sealed class DrillRestore(EtcdBackupOptions options)
{
    private const string NotConfigured = "Nothing is configured to be backed up here: EtcdBackup:Source is not set. No snapshot was tried out.";

    /// <summary>Tries out the newest snapshot. Where nothing is configured it is off, and its report says so.</summary>
    [Function("DrillRestore")]
    public async Task<ScheduledDrill> OnSchedule([TimerTrigger("%EtcdBackup:DrillSchedule%")] TimerInfo timer, FunctionContext context) =>
        options.IsConfigured ? new ScheduledDrill(await DrillAsync(new DrillRequest(), context)) : new ScheduledDrill(null, NotConfigured);

    /// <summary>Tries out the snapshot that a request names, or the newest one.</summary>
    [Function("DrillOnRequest")]
    public Task<DrillReport> OnRequest([QueueTrigger(Queues.EtcdDrills)] DrillRequest request, FunctionContext context) => DrillAsync(request, context);

    private async Task<DrillReport> DrillAsync(DrillRequest request, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        if (!options.IsConfigured)
        {
            throw new FunctionFailedException(NotConfigured) { Retryable = false };
        }

        var report = await RunAsync(request, context);
        return report.Outcome == DrillOutcome.Sound
            ? report
            : throw FunctionFailedException.Final(Summary(report), report, ContractsJson.Default.DrillReport);
    }

    private static async Task<DrillReport> RunAsync(DrillRequest request, FunctionContext context)
    {
        try
        {
            return await context.InstanceServices.GetRequiredService<DrillEngine>().RunAsync(request.Name, context.ReportProgress, context.CancellationToken);
        }
        catch (Exception e) when (e is SnapshotException or ObjectStoreException { IsTransient: false })
        {
            // No verdict, and trying again would change nothing.
            throw new FunctionFailedException(e.Message, e) { Retryable = false };
        }
    }

    private static string Summary(DrillReport report)
    {
        if (report.Outcome == DrillOutcome.Unopened)
        {
            var skipped = report.Checks.Last(check => check.Result == DrillResult.Skipped);
            return $"The snapshot {report.Name} was not opened: {skipped.Detail}. Give drills an identity of their own, as infra/docs/etcd-backup.md says under \"Drills\".";
        }

        var failed = report.Checks.Where(check => check.Result == DrillResult.Failed).Select(check => $"\n{check.Name}: {check.Detail}");
        return $"The snapshot {report.Name} cannot be relied on:{string.Concat(failed)}";
    }
}
