using System.Text.Json;
using Ebb.EtcdBackup.Snapshots;

namespace Ebb.EtcdBackup.Commands;

/// <summary><c>etcd list</c>.</summary>
internal static class ListCommand
{
    public static async Task RunAsync(SnapshotCatalog catalog, bool json, TextWriter output, TimeProvider time, CancellationToken cancellationToken)
    {
        var listing = await catalog.ListAsync(cancellationToken);
        if (json)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize([.. listing.Snapshots.Select(ListedSnapshot.Of)], ListedSnapshotJson.Default.IReadOnlyListListedSnapshot).AsMemory(), cancellationToken);
            return;
        }

        if (listing.Snapshots.Count == 0)
        {
            await output.WriteLineAsync($"There is no snapshot of {catalog.Place.Cluster} in {catalog.Place.Store.Address}.".AsMemory(), cancellationToken);
            return;
        }

        string[][] rows =
        [
            ["NAME", "AGE", "STATE", "SIZE", "STORED", "REVISION", "KEYS"],
            .. listing.Snapshots.Select(snapshot => Row(snapshot, time.GetUtcNow())),
        ];
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            await output.WriteLineAsync(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd().AsMemory(), cancellationToken);
        }
    }

    private static string[] Row(StoredSnapshot snapshot, DateTimeOffset now) =>
    [
        snapshot.Name.Text,
        snapshot.Name.IsAheadOf(now) ? "future" : Age(now - snapshot.Name.Time),
        snapshot.State switch
        {
            SnapshotState.Verified => "verified",
            SnapshotState.Damaged => $"DAMAGED: {snapshot.Problem}",
            _ => "unverified",
        },
        snapshot.Sidecar is { } sidecar ? Shown.Bytes(sidecar.PlaintextBytes) : "-",
        Shown.Bytes(snapshot.Bytes),
        snapshot.Sidecar?.Revision?.ToString() ?? "-",
        snapshot.Sidecar?.Keys?.ToString() ?? "-",
    ];

    private static string Age(TimeSpan age) => age switch
    {
        { TotalDays: >= 2 } => $"{age.TotalDays:0} d",
        { TotalHours: >= 2 } => $"{age.TotalHours:0} h",
        _ => $"{Math.Max(0, age.TotalMinutes):0} min",
    };
}
