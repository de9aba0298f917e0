namespace Ebb.ImageMirror.Reports;

/// <summary>The sums of a report.</summary>
public sealed record MirrorTotals
{
    /// <summary>How many images.</summary>
    public required int Images { get; init; }

    /// <summary>How many with each action, those with none left out.</summary>
    public required IReadOnlyDictionary<string, int> Actions { get; init; }

    /// <summary>Blobs sent to the target.</summary>
    public required BlobCount Moved { get; init; }

    /// <summary>Blobs mounted.</summary>
    public required BlobCount Mounted { get; init; }

    /// <summary>Blobs that were there already.</summary>
    public required BlobCount Skipped { get; init; }

    /// <summary>Signatures written.</summary>
    public required int Signatures { get; init; }

    internal static MirrorTotals Of(IReadOnlyList<MirrorLine> lines) => new()
    {
        Images = lines.Count,
        Actions = lines.GroupBy(line => line.Action).OrderBy(group => group.Key).ToDictionary(group => ActionNames.Of(group.Key), group => group.Count()),
        Moved = Sum(lines, line => line.Moved),
        Mounted = Sum(lines, line => line.Mounted),
        Skipped = Sum(lines, line => line.Skipped),
        Signatures = lines.Sum(line => line.Signatures),
    };

    /// <inheritdoc/>
    public override string ToString() =>
        $"{string.Join(", ", Actions.Select(action => $"{action.Value} {action.Key}"))}; {Moved.Bytes} bytes moved, {Signatures} signatures written";

    private static BlobCount Sum(IReadOnlyList<MirrorLine> lines, Func<MirrorLine, BlobCount> count) =>
        lines.Aggregate(default(BlobCount), (sum, line) => sum + count(line));
}
