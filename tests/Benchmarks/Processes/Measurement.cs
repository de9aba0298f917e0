namespace Ebb.Benchmarks.Processes;

/// <summary>What a command took, its children included. Peak memory is that of the largest single process.</summary>
internal sealed record Measurement(double WallSeconds, double CpuSeconds, double PeakMegabytes)
{
    /// <summary>The median of each figure.</summary>
    public static Measurement Median(IReadOnlyCollection<Measurement> all) => new(
        Middle(all.Select(one => one.WallSeconds)),
        Middle(all.Select(one => one.CpuSeconds)),
        Middle(all.Select(one => one.PeakMegabytes)));

    public static double Middle(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1
            ? sorted[sorted.Length / 2]
            : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
