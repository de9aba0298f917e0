using Ebb.Schedules;

namespace Ebb.Worker.Configuration;

/// <summary>Reads the <c>retry</c> object of host.json.</summary>
internal static class HostJsonRetry
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    public static RetryPolicy? Read(HostJsonSection root)
    {
        if (!root.Has("retry"))
        {
            return null;
        }

        var retry = root.Section("retry", "strategy", "maxRetryCount", "delayInterval", "minimumInterval", "maximumInterval");
        var count = retry.Integer("maxRetryCount", -1, int.MaxValue, 0);
        if (!retry.Has("maxRetryCount"))
        {
            retry.Missing("maxRetryCount", "say how often a failed invocation runs again (-1 without end)");
        }

        switch (retry.Text("strategy")?.ToUpperInvariant())
        {
            case "FIXEDDELAY":
                var delay = Interval(retry, "delayInterval");
                return new(count, delay, delay);
            case "EXPONENTIALBACKOFF":
                return Exponential(retry, count);
            default:
                const string right = "it must be \"fixedDelay\" or \"exponentialBackoff\"";
                if (retry.Has("strategy"))
                {
                    retry.Wrong("strategy", right);
                }
                else
                {
                    retry.Missing("strategy", right);
                }

                return null;
        }
    }

    private static RetryPolicy Exponential(HostJsonSection retry, int count)
    {
        var minimum = Interval(retry, "minimumInterval");
        var maximum = Interval(retry, "maximumInterval");
        if (maximum < minimum && retry.Has("maximumInterval"))
        {
            retry.Wrong("maximumInterval", $"it must not be shorter than minimumInterval, {minimum}");
        }

        return new(count, minimum, maximum);
    }

    private static TimeSpan Interval(HostJsonSection retry, string key)
    {
        if (!retry.Has(key))
        {
            retry.Missing(key, $"the strategy needs it, as {DurationText.Form}");
        }

        return retry.Duration(key, TimeSpan.Zero, Longest, TimeSpan.Zero);
    }
}
