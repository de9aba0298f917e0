using System.Globalization;
using Ebb.Benchmarks.Processes;

namespace Ebb.Benchmarks.PostgresQueue;

/// <summary>Ebb's queue in PostgreSQL against those of graphile-worker and pg-boss: one server, one durability, in turn.</summary>
internal static class PostgresQueueBenchmark
{
    private const int PerSecond = 500;

    public static async Task RunAsync()
    {
        var address = Settings.Required("EBB_BENCH_POSTGRES_URL");
        var count = Number("EBB_BENCH_JOBS") ?? Settings.Count(20_000, smoke: 500);
        var seconds = Number("EBB_BENCH_SECONDS") ?? Settings.Count(20, smoke: 1);
        List<(string Name, Figures Figures)> results = [];
        var only = Environment.GetEnvironmentVariable("EBB_BENCH_CONTENDERS")?.Split(';');
        for (var round = 0; round < Settings.Rounds; round++)
        {
            foreach (var (_, start) in Contenders(address).Where(contender => only?.Contains(contender.Name) != false))
            {
                await using var contender = await start();
                // Compiled code, warm connections and tables of some size, for everyone.
                await contender.HandleAsync(count / 10);
                results.Add((contender.Name, new Figures(
                    count / await contender.HandleAsync(count),
                    count / await contender.DrainAsync(count),
                    // The first second belongs to the start of the workers, for everyone.
                    Percentile((await contender.EnqueueAsync(PerSecond, seconds + 1))[PerSecond..], 0.99))));
            }
        }

        Print(results, count);
    }

    private static IEnumerable<(string Name, Func<Task<IQueueContender>> Start)> Contenders(string address)
    {
        yield return ("Ebb", async () => await EbbContender.StartAsync(address));
        yield return Peer("graphile-worker", "graphile-worker", address, localQueue: false);
        yield return Peer("graphile-worker, local queue", "graphile-worker", address, localQueue: true);
        yield return Peer("pg-boss", "pg-boss", address, localQueue: false);
    }

    private static (string Name, Func<Task<IQueueContender>> Start) Peer(string name, string driver, string address, bool localQueue) =>
        (name, () => PeerAsync(name, driver, address, localQueue));

    private static async Task<IQueueContender> PeerAsync(string name, string driver, string address, bool localQueue) =>
        await PeerContender.StartAsync(name, new Command("node", [Path.Combine(Settings.Required("EBB_BENCH_PEERS"), driver + ".mjs")])
        {
            Environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["EBB_BENCH_POSTGRES_URL"] = address,
                ["EBB_BENCH_LOCAL_QUEUE"] = localQueue ? "1" : "0",
            },
        });

    private static void Print(List<(string Name, Figures Figures)> results, int count)
    {
        var table = new MarkdownTable(
            $"{count} jobs, 8 workers", "enqueued and handled a second", "times Ebb", "handled a second, all waiting", "times Ebb", "enqueue p99 at 500 a second");
        var rows = results.GroupBy(result => result.Name).Select(group => (group.Key, Figures: new Figures(
            Median(group.Select(one => one.Figures.Handled)), Median(group.Select(one => one.Figures.Drained)), Median(group.Select(one => one.Figures.Enqueue))))).ToList();
        var ebb = rows[0].Figures;
        foreach (var (name, figures) in rows)
        {
            table.Add(name, Number(figures.Handled, "F0"), Number(figures.Handled / ebb.Handled, "F2"), Number(figures.Drained, "F0"),
                Number(figures.Drained / ebb.Drained, "F2"), $"{Number(figures.Enqueue, "F1")} ms");
        }

        table.Print();
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private static double Median(IEnumerable<double> values) => Percentile([.. values], 0.5);

    private static double Percentile(double[] values, double share) =>
        values.Order().ElementAt(Math.Min(values.Length - 1, (int)(values.Length * share)));

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private readonly record struct Figures(double Handled, double Drained, double Enqueue);
}
