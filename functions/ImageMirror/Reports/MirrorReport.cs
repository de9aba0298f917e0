namespace Ebb.ImageMirror.Reports;

/// <summary>What a run did: one line for each image, also for those that failed.</summary>
public sealed record MirrorReport
{
    /// <summary>When the run began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>True when nothing was written.</summary>
    public required bool DryRun { get; init; }

    /// <summary>The registry and path mirrored into.</summary>
    public required string Target { get; init; }

    /// <summary>The lines, in the order of the list.</summary>
    public required IReadOnlyList<MirrorLine> Images { get; init; }

    /// <summary>The sums.</summary>
    public required MirrorTotals Totals { get; init; }

    /// <summary>The lines that make the run fail: failed images and drifts.</summary>
    internal IEnumerable<MirrorLine> Complaints =>
        Images.Where(line => line.Action is MirrorAction.Failed or MirrorAction.Drift);
}
