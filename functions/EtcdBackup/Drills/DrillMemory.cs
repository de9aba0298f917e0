using Ebb.Contracts;
using Ebb.Contracts.Etcd;
using Ebb.Storage;

namespace Ebb.EtcdBackup.Drills;

/// <summary>What drills leave in host storage for others: the list that the door shows, and the figures for the scrapers.</summary>
internal sealed class DrillMemory(IHostStorage storage)
{
    /// <summary>Adds a drill to both.</summary>
    public async Task RememberAsync(DrillReport report, CancellationToken cancellationToken)
    {
        var key = DrillsDocument.KeyPrefix + report.Cluster;
        var document = new DrillsDocument { Cluster = report.Cluster, Drills = [report] };
        try
        {
            document = await storage.Documents.UpdateAsync(
                key, ContractsJson.Default.DrillsDocument, document with { Drills = [] }, before => before with { Drills = Kept([report, .. before.Drills]) }, cancellationToken);
        }
        catch (UnreadableDocumentException)
        {
            // Another version's document: the list begins anew.
            await storage.Documents.WriteAsync(key, document, ContractsJson.Default.DrillsDocument, cancellationToken);
        }

        await Gauges.PublishAsync(storage.Documents, $"etcd-drills/{report.Cluster}", [.. GaugesOf(document)], cancellationToken);
    }

    // The newest of each outcome stays: that drills open nothing any more must not make anybody forget when one last did.
    private static IReadOnlyList<DrillReport> Kept(IReadOnlyList<DrillReport> newestFirst) =>
        [.. newestFirst.Where((drill, place) => place < DrillsDocument.MaxDrills || drill == newestFirst.First(other => other.Outcome == drill.Outcome))];

    private static IEnumerable<Gauge> GaugesOf(DrillsDocument document)
    {
        var labels = new Dictionary<string, string> { ["cluster"] = document.Cluster };
        var verdict = document.Drills.FirstOrDefault(drill => drill.Outcome != DrillOutcome.Unopened)?.Outcome;
        yield return new Gauge("ebb_etcd_drill_failed", "1 when the last drill that opened a snapshot found that it cannot be relied on.", verdict == DrillOutcome.Failed ? 1 : 0, labels);
        yield return new Gauge(
            "ebb_etcd_drill_unopened", "1 when the last drill had no identity to open its snapshot with.", document.Drills[0].Outcome == DrillOutcome.Unopened ? 1 : 0, labels);
        if (document.Drills.FirstOrDefault(drill => drill.Outcome == DrillOutcome.Sound) is { } sound)
        {
            yield return new Gauge(
                "ebb_etcd_drill_last_sound_timestamp_seconds", "When a drill last found a snapshot sound, in seconds since 1970.", sound.Started.ToUnixTimeSeconds(), labels);
        }
    }
}
