namespace Ebb.Worker.Timers;

/// <summary>Which occurrences are due by now.</summary>
internal static class MissedOccurrences
{
    /// <summary>
    /// The newest <paramref name="limit"/> from <paramref name="first"/>, which is due, to <paramref name="now"/>, oldest first. Cheap
    /// after years as well: it looks back no further than it must.
    /// </summary>
    public static IReadOnlyList<DateTimeOffset> Newest(ScheduledTimer timer, DateTimeOffset first, DateTimeOffset now, int limit)
    {
        if (timer.Schedule.IsDuration)
        {
            return NewestSteps(first, timer.Next(first) - first, now, limit);
        }

        var back = timer.Next(now) - now;
        while (back < now - first)
        {
            var found = Between(timer, timer.Next(now - back), now, limit);
            if (found.Count == limit)
            {
                return [.. found];
            }

            back *= 2;
        }

        return [.. Between(timer, first, now, limit)];
    }

    private static IReadOnlyList<DateTimeOffset> NewestSteps(DateTimeOffset first, TimeSpan step, DateTimeOffset now, int limit)
    {
        var count = (now - first).Ticks / step.Ticks + 1;
        var kept = (int)Math.Min(count, limit);
        return [.. Enumerable.Range(0, kept).Select(index => first.AddTicks((count - kept + index) * step.Ticks))];
    }

    private static Queue<DateTimeOffset> Between(ScheduledTimer timer, DateTimeOffset first, DateTimeOffset now, int limit)
    {
        var found = new Queue<DateTimeOffset>();
        for (var next = first; next <= now; next = timer.Next(next))
        {
            found.Enqueue(next);
            if (found.Count > limit)
            {
                found.Dequeue();
            }
        }

        return found;
    }
}
