using System.Runtime.InteropServices;

namespace Ebb.Storage.Sqlite;

/// <summary>One moment on both clocks. Leases and delays are measured by the monotonic one, which nobody can set back.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Instant(DateTimeOffset Wall, TimeSpan Monotonic)
{
    public static Instant Now(TimeProvider time) =>
        new(time.GetUtcNow(), TimeSpan.FromSeconds((double)time.GetTimestamp() / time.TimestampFrequency));

    /// <summary>The monotonic time after a span; zero, which is always over, for none.</summary>
    public TimeSpan DueIn(TimeSpan span) => span > TimeSpan.Zero ? Monotonic + span : TimeSpan.Zero;

    /// <summary>
    /// The monotonic time of a wall time that was at most <paramref name="span"/> ahead when it was written down: a
    /// clock set back since then cannot stretch the wait beyond that.
    /// </summary>
    public TimeSpan Due(DateTimeOffset wall, TimeSpan span)
    {
        var ahead = wall - Wall;
        return Monotonic + (ahead < span ? ahead : span);
    }
}
