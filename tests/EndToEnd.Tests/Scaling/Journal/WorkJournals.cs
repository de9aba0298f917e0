namespace Ebb.EndToEnd.Tests.Scaling.Journal;

/// <summary>What the workers' processes wrote about counted work.</summary>
internal sealed class WorkJournals(string folder)
{
    public IReadOnlyList<Execution> Read() =>
        [.. Directory.EnumerateFiles(folder, "*.journal").SelectMany(ReadFile).OrderBy(one => one.Start)];

    /// <summary>Pairs of executions under one sequence key that ran at the same time; of one that was killed the end is its process's.</summary>
    public IReadOnlyList<string> Overlaps(IReadOnlyDictionary<int, long> exits) =>
        [.. Read().Where(one => one.Key.StartsWith("key", StringComparison.Ordinal)).GroupBy(one => one.Key, StringComparer.Ordinal).SelectMany(group => Overlaps([.. group], exits))];

    /// <summary>How often each run was executed.</summary>
    public IReadOnlyDictionary<string, int> Counts() =>
        Read().GroupBy(one => one.RunId, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);

    private static IEnumerable<string> Overlaps(Execution[] ordered, IReadOnlyDictionary<int, long> exits)
    {
        Execution? longest = null;
        foreach (var one in ordered)
        {
            if (longest is not null && one.Start < EndOf(longest))
                yield return $"{longest} ({EndOf(longest)}) and {one}";
            if (longest is null || EndOf(one) > EndOf(longest))
                longest = one;
        }

        long EndOf(Execution one) => one.End ?? exits.GetValueOrDefault(one.ProcessId, long.MaxValue);
    }

    private static List<Execution> ReadFile(string file)
    {
        var processId = int.Parse(Path.GetFileNameWithoutExtension(file));
        var open = new Dictionary<string, int>(StringComparer.Ordinal);
        var executions = new List<Execution>();
        foreach (var line in File.ReadLines(file))
        {
            if (line.Split(' ') is not [var time, var step, var run, var key, var number])
                throw new FormatException($"{file} holds the line '{line}'.");
            if (step == "start")
            {
                open[run] = executions.Count;
                executions.Add(new Execution(long.Parse(time), null, Completed: false, run, key, int.Parse(number), processId));
            }
            else
            {
                var at = open[run];
                executions[at] = executions[at] with { End = long.Parse(time), Completed = step == "end" };
            }
        }

        return executions;
    }
}
