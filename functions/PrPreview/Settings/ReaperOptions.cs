using Ebb.Settings;

namespace Ebb.PrPreview.Settings;

/// <summary>The timer that removes what is over.</summary>
internal sealed record ReaperOptions
{
    /// <summary><c>TimeToLive</c>: how long a preview stays after its pull request last changed; 0 for ever. Default 7 days.</summary>
    public required TimeSpan TimeToLive { get; init; }

    /// <summary><c>WarnBefore</c>: how long before its author is warned. Default one day.</summary>
    public required TimeSpan WarnBefore { get; init; }

    /// <summary><c>KeepLabel</c>: the label that keeps a preview as long as its pull request is open. Default <c>keep</c>.</summary>
    public required string KeepLabel { get; init; }

    /// <summary><c>MaxRemovals</c>: the most previews that one run removes. Default 10.</summary>
    public required int MaxRemovals { get; init; }

    /// <summary><c>ReapDryRun</c>: says what would be removed, and removes nothing. Default false.</summary>
    public required bool DryRun { get; init; }

    public static ReaperOptions From(SettingsReader read) => new()
    {
        TimeToLive = read.Duration("TimeToLive", TimeSpan.FromDays(7), TimeSpan.Zero, TimeSpan.FromDays(365)),
        WarnBefore = read.Duration("WarnBefore", TimeSpan.FromDays(1), TimeSpan.Zero, TimeSpan.FromDays(30)),
        KeepLabel = read.Text("KeepLabel", "keep", "the label that keeps a preview while its pull request is open"),
        MaxRemovals = read.Number("MaxRemovals", 10, 1, 1000),
        DryRun = read.Flag("ReapDryRun"),
    };
}
