using System.Globalization;
using Ebb.Benchmarks.Processes;

namespace Ebb.Benchmarks.Mirror;

/// <summary>
/// The same list from one registry to a fresh one, by each contender in turn, then again with nothing changed; every
/// round measures all of them side by side.
/// </summary>
internal static class MirrorBenchmark
{
    public static async Task RunAsync()
    {
        await using var source = await Registry.StartAsync(Settings.SourceStorage);
        var images = await ImageList.ReadAsync(source.Host);
        var contenders = Contenders.All(images);
        var results = contenders.ToDictionary(contender => contender, _ => new List<Outcome>());
        for (var round = 1; round <= Settings.Rounds; round++)
        {
            foreach (var contender in contenders)
            {
                var outcome = await MeasureAsync(contender, images, source);
                results[contender].Add(outcome);
                await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"       round {round}  {contender.Name,-30} {outcome.First.WallSeconds,6:F1} s, again {outcome.Again.WallSeconds,6:F2} s"));
            }
        }

        Print(images, results.Select(result => (result.Key.Name, Outcome.Median(result.Value))).ToList());
    }

    private static async Task<Outcome> MeasureAsync(Contender contender, ImageList images, Registry source)
    {
        var home = Path.Combine(Settings.Scratch, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(home);
        try
        {
            await using var target = await Registry.StartAsync(Path.Combine(home, "registry"));
            var command = contender.Command(source.Host, target.Host, home);

            // Nobody pays for what the one before left to be written.
            await MeasuredProcess.RunAsync(new Command("sync", []));
            var first = await MeasuredProcess.RunAsync(command);
            var digests = await images.DigestsAsync(source.Host);
            if (!digests.SequenceEqual(await images.DigestsAsync(target.Host), StringComparer.Ordinal))
            {
                throw new InvalidOperationException($"{contender.Name} did not bring every image over unchanged.");
            }

            var before = await source.RequestsAsync() + await target.RequestsAsync();
            var again = await MeasuredProcess.RunAsync(command);
            return new Outcome(first, again, await source.RequestsAsync() + await target.RequestsAsync() - before);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static void Print(ImageList images, List<(string Name, Outcome Outcome)> results)
    {
        var ours = results[0].Outcome;
        Console.WriteLine($"First mirror of {images.Tags.Count} tags:");
        var first = new MarkdownTable("first mirror", "wall", "times ebb", "CPU", "times ebb", "peak memory");
        var again = new MarkdownTable("nothing changed", "requests", "wall", "times ebb");
        foreach (var (name, outcome) in results)
        {
            first.Add(name, Seconds(outcome.First.WallSeconds), Ratio(outcome.First.WallSeconds, ours.First.WallSeconds),
                Seconds(outcome.First.CpuSeconds), Ratio(outcome.First.CpuSeconds, ours.First.CpuSeconds),
                string.Create(CultureInfo.InvariantCulture, $"{outcome.First.PeakMegabytes:F0} MB"));
            again.Add(name, $"{outcome.AgainRequests}", Seconds(outcome.Again.WallSeconds), Ratio(outcome.Again.WallSeconds, ours.Again.WallSeconds));
        }

        first.Print();
        again.Print();
    }

    private static string Seconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds:F2} s");

    private static string Ratio(double theirs, double ours) => string.Create(CultureInfo.InvariantCulture, $"{theirs / ours:F2}");
}
