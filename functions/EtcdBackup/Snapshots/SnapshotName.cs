using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Ebb.EtcdBackup.Snapshots;

/// <summary>
/// The name of a stored snapshot, as siderolabs/talos-backup writes it: <c>{cluster}-{RFC3339}.snap[.zst][.age]</c>, seconds
/// without a fraction, in whatever zone its writer was.
/// </summary>
public sealed partial record SnapshotName
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    private SnapshotName(string text, string cluster, DateTimeOffset time, bool isCompressed, bool isEncrypted) =>
        (Text, Cluster, Time, IsCompressed, IsEncrypted) = (text, cluster, time, isCompressed, isEncrypted);

    /// <summary>The name as written.</summary>
    public string Text { get; }

    /// <summary>The cluster.</summary>
    public string Cluster { get; }

    /// <summary>When the snapshot was taken.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>Compressed with zstd.</summary>
    public bool IsCompressed { get; }

    /// <summary>Encrypted with age, after compression.</summary>
    public bool IsEncrypted { get; }

    /// <summary>The name of a new snapshot, in UTC.</summary>
    public static SnapshotName Create(string cluster, DateTimeOffset time, bool compressed, bool encrypted)
    {
        var text = $"{cluster}-{time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}.snap{(compressed ? ".zst" : "")}{(encrypted ? ".age" : "")}";
        return TryParse(text, cluster, out var name) ? name : throw new ArgumentException($"'{cluster}' cannot be part of a snapshot's name.", nameof(cluster));
    }

    /// <summary>Reads the name of one of this cluster's snapshots; false for every other name.</summary>
    public static bool TryParse(string text, string cluster, [NotNullWhen(true)] out SnapshotName? name)
    {
        name = null;
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(cluster);
        if (!text.StartsWith(cluster + "-", StringComparison.Ordinal) || Ending().Match(text, cluster.Length) is not { Success: true } match || match.Index != cluster.Length)
        {
            return false;
        }

        if (!DateTimeOffset.TryParse(match.Groups["time"].Value, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return false;
        }

        name = new SnapshotName(text, cluster, time, match.Groups["zst"].Success, match.Groups["age"].Success);
        return true;
    }

    /// <summary>Whether its time is still to come, by more than clocks may differ: whoever named it had a wrong clock, and nobody knows when it was taken.</summary>
    public bool IsAheadOf(DateTimeOffset now) => Time > now + ClockSkew;

    /// <inheritdoc/>
    public override string ToString() => Text;

    [GeneratedRegex(@"-(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d))\.snap(?<zst>\.zst)?(?<age>\.age)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Ending();
}
