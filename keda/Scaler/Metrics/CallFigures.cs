using Grpc.Core;

namespace Ebb.Scaler.Metrics;

/// <summary>How often a method was called, how it ended, and how long that took.</summary>
internal sealed class CallFigures
{
    /// <summary>Upper bounds in seconds.</summary>
    public static readonly double[] Bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

    private readonly long[] _byStatus = new long[17];
    private readonly long[] _buckets = new long[Bounds.Length + 1];
    private double _seconds;

    /// <summary>How many calls ended with each status that occurred.</summary>
    public IEnumerable<(StatusCode Status, long Count)> ByStatus =>
        _byStatus.Select((count, code) => ((StatusCode)code, count)).Where(entry => entry.count > 0);

    /// <summary>How many calls took at most each bound, the last one without a bound.</summary>
    public IEnumerable<long> Cumulative
    {
        get
        {
            long sum = 0;
            foreach (var count in _buckets)
            {
                yield return sum += count;
            }
        }
    }

    /// <summary>How long all of them took together.</summary>
    public double Seconds => _seconds;

    public void Add(StatusCode status, TimeSpan duration)
    {
        _byStatus[Math.Clamp((int)status, 0, _byStatus.Length - 1)]++;
        _seconds += duration.TotalSeconds;
        var bucket = Array.FindIndex(Bounds, bound => duration.TotalSeconds <= bound);
        _buckets[bucket < 0 ? Bounds.Length : bucket]++;
    }
}
