using Ebb.EtcdBackup.Configuration;
using Ebb.EtcdBackup.Snapshots;
using Ebb.ObjectStore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ebb.EtcdBackup;

/// <summary>
/// Tries at start what the store can do, and says so in the log. Only that: a store that is away now may be back when the snapshot is due, and the
/// run finds out by itself.
/// </summary>
internal sealed partial class StoreCheck(EtcdBackupOptions options, SnapshotPlace place, ILogger<StoreCheck> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var store = place.Store;
        var findings = (await store.ProbeAsync(stoppingToken)).Findings;
        LogSupports(store.Address, string.Join(", ", findings.Where(finding => finding.Support == ProbeSupport.Works).Select(finding => finding.Capability)));
        foreach (var finding in findings.Where(IsWorthSaying))
        {
            LogLacks(store.Address, finding.Capability, finding.Message ?? "it could not be tried");
        }
    }

    // Object Lock is missing from most stores, and nobody misses it who has not asked for it.
    private bool IsWorthSaying(ProbeFinding finding) =>
        finding.Support != ProbeSupport.Works && (finding.Capability != StoreCapability.Retention || options.Lock is not null);

    [LoggerMessage(4040, LogLevel.Information, "{Store} supports: {Capabilities}")]
    private partial void LogSupports(string store, string capabilities);

    [LoggerMessage(4041, LogLevel.Warning, "{Store} lacks {Capability}: {Message}")]
    private partial void LogLacks(string store, StoreCapability capability, string message);
}
