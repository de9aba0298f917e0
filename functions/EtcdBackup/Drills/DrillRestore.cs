using Ebb.Contracts;
using Ebb.Contracts.Etcd;
using Ebb.ObjectStore;
using Ebb.Worker;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.EtcdBackup.Drills;

/// <summary>Tries out whether stored snapshots can be restored.</summary>
public static class DrillRestore
{
    /// <summary>Tries out the newest snapshot.</summary>
    [Function("DrillRestore")]
    public static Task<DrillReport> OnSchedule([TimerTrigger("%EtcdBackup:DrillSchedule%")] TimerInfo timer, FunctionContext context) => DrillAsync(new DrillRequest(), context);

    /// <summary>Tries out the snapshot that a request names, or the newest one.</summary>
    [Function("DrillOnRequest")]
    public static Task<DrillReport> OnRequest([QueueTrigger(Queues.EtcdDrills)] DrillRequest request, FunctionContext context) => DrillAsync(request, context);

    private static async Task<DrillReport> DrillAsync(DrillRequest request, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
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
