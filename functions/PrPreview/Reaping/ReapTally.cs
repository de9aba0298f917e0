using System.Globalization;
using Ebb.Contracts.Previews;
using Ebb.PrPreview.Settings;
using Ebb.PrPreview.State;

namespace Ebb.PrPreview.Reaping;

/// <summary>Counts what a run of the reaper does, and holds it to its limit.</summary>
internal sealed class ReapTally(ReaperOptions options)
{
    private readonly List<ReapLine> _removed = [];
    private readonly List<ReapLine> _deferred = [];
    private readonly List<ReapLine> _warned = [];
    private readonly List<ReapLine> _unknown = [];
    private readonly List<ReapLine> _renewed = [];
    private readonly List<ReapLine> _recovered = [];
    private int _begun;

    /// <summary>Notes a removal; false when it is not to be carried out now.</summary>
    public bool MayRemove(Preview preview, Verdict.Over over)
    {
        // What has begun was counted then: removals that are held up would keep all others from theirs.
        var list = over.HasBegun || _begun++ < options.MaxRemovals ? _removed : _deferred;
        list.Add(new ReapLine(preview.Name, over.Why));
        return list == _removed && !options.DryRun;
    }

    /// <summary>Notes a warning; false when it is not to be carried out.</summary>
    public bool MayWarn(Preview preview, Verdict.Due due)
    {
        _warned.Add(new ReapLine(preview.Name, due.Why));
        return !options.DryRun;
    }

    /// <summary>Notes that a robot account has to be replaced; false when it is not to be carried out.</summary>
    public bool MayRenew(Preview preview, PullRobot robot)
    {
        _renewed.Add(new ReapLine(preview.Name, string.Create(CultureInfo.InvariantCulture, $"its robot account expires at {robot.ExpiresAt:yyyy-MM-dd HH:mm} UTC")));
        return !options.DryRun;
    }

    /// <summary>Notes that a preview that failed runs; false when another look is not to be asked for.</summary>
    public bool MayCorrect(Preview preview)
    {
        _recovered.Add(new ReapLine(preview.Name, $"it failed, and runs {preview.HeadSha} since"));
        return !options.DryRun;
    }

    public void NoteUnknown(Preview preview, Verdict.Unknown unknown) => _unknown.Add(new ReapLine(preview.Name, unknown.Why));

    public ReapReport Report(IReadOnlyList<string> strays, IReadOnlyList<UnreadablePreview> unreadable) => new()
    {
        DryRun = options.DryRun,
        Removed = _removed,
        Deferred = _deferred,
        Warned = _warned,
        Renewed = _renewed,
        Recovered = _recovered,
        Unreadable = [.. unreadable.Select(one => new ReapLine(one.Name, one.Why))],
        Unknown = _unknown,
        Strays = strays,
    };
}
