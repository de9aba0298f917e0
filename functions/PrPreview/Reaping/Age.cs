using System.Globalization;
using Ebb.Contracts.Previews;
using Ebb.PrPreview.Settings;

namespace Ebb.PrPreview.Reaping;

/// <summary>Judges previews by their age. Nobody loses one unwarned, however long the reaper did not run. Pure.</summary>
internal sealed class Age(ReaperOptions options)
{
    public Verdict Judge(Preview preview, DateTimeOffset now)
    {
        var end = preview.LastActivityAt + options.TimeToLive;
        if (options.TimeToLive == TimeSpan.Zero || now < end - options.WarnBefore)
        {
            return new Verdict.Stays();
        }

        if (preview.WarnedAt is not { } warned)
        {
            var earliest = Later(end, now + options.WarnBefore);
            return new Verdict.Due(string.Create(
                CultureInfo.InvariantCulture,
                $"nothing happened since {preview.LastActivityAt:yyyy-MM-dd HH:mm} UTC; it is removed after {earliest:yyyy-MM-dd HH:mm} UTC unless a commit is pushed or the label '{options.KeepLabel}' is set"));
        }

        return now >= end && now >= warned + options.WarnBefore
            ? new Verdict.Over(RemovalReason.Expired, string.Create(CultureInfo.InvariantCulture, $"nothing happened since {preview.LastActivityAt:yyyy-MM-dd HH:mm} UTC"))
            : new Verdict.Stays();
    }

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;
}
