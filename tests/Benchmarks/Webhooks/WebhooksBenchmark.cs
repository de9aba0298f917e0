using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Ebb.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Benchmarks.Webhooks;

/// <summary>
/// Signed deliveries at a steady rate, each timed from the moment it was due, so that a stall counts for all that wait behind it; then as
/// many as go. Afterwards the door is killed, and every delivery it answered with 202 has to be in its storage.
/// </summary>
internal static class WebhooksBenchmark
{
    private const string Secret = "a-secret-of-the-benchmark-only";
    private static readonly int PerSecond = Settings.Count(1000, smoke: 100);
    private const int Callers = 32;

    private static readonly TimeSpan WarmUp = Settings.Lasting(TimeSpan.FromSeconds(5));
    private static readonly TimeSpan Steady = Settings.Lasting(TimeSpan.FromSeconds(20));
    private static readonly TimeSpan Flat = Settings.Lasting(TimeSpan.FromSeconds(10));

    public static async Task RunAsync()
    {
        await using var door = await DoorProcess.StartAsync(Settings.Built("Webhooks", "Ebb.Webhooks"), Secret);
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 256 });
        var load = new Load(http, door.Url, new Deliveries(Secret));
        await load.SteadyAsync(PerSecond, WarmUp);
        load.Times.Clear();

        var (before, began) = (door.Seconds, Stopwatch.GetTimestamp());
        await load.SteadyAsync(PerSecond, Steady);
        var (took, processor) = (Stopwatch.GetElapsedTime(began), door.Seconds - before);
        var times = load.Times.Order().ToList();
        var most = await load.FlatAsync(Callers, Flat);

        await door.KillAsync();
        await CheckAsync(door.Storage, load.Accepted);
        var table = new MarkdownTable("signed deliveries of 28 KB, file storage", "a second", "p50", "p99", "max", "processor");
        table.Add($"due at {PerSecond} a second", Shown(times.Count / took.TotalSeconds, "N0"), Ms(times, 0.5), Ms(times, 0.99), Ms(times, 1), $"{Shown(processor / took.TotalSeconds * 100, "N0")} %");
        table.Add($"as many as {Callers} callers get through", Shown(most, "N0"), "", "", "", "");
        table.Print();
        Console.WriteLine($"{load.Accepted.Count} deliveries were answered 202; all are in the storage of the killed door.");
    }

    private static async Task CheckAsync(string storage, IReadOnlyCollection<string> accepted)
    {
        await using var opened = await HostStorage.OpenAsync(new() { Storage = storage, MaxRuns = 500_000 }, TimeProvider.System, NullLoggerFactory.Instance, default);
        foreach (var id in accepted)
        {
            if (!RunId.TryParse(id, out var run) || await opened.Runs.GetAsync(run, default) is null)
            {
                throw new InvalidOperationException($"The run {id} was accepted and is not in the storage.");
            }
        }
    }

    private static string Ms(List<double> sorted, double share) => $"{Shown(sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))], "N1")} ms";

    private static string Shown(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private sealed class Load(HttpClient http, Uri url, Deliveries deliveries)
    {
        private int _number;

        public ConcurrentBag<double> Times { get; } = [];

        public ConcurrentBag<string> Accepted { get; } = [];

        public async Task SteadyAsync(int perSecond, TimeSpan time)
        {
            var began = Stopwatch.GetTimestamp();
            var sent = new List<Task>();
            while (Stopwatch.GetElapsedTime(began) is var elapsed && elapsed < time)
            {
                for (var due = (int)(elapsed.TotalSeconds * perSecond); sent.Count < due;)
                {
                    sent.Add(SendAsync(began + (long)((double)sent.Count / perSecond * Stopwatch.Frequency)));
                }

                await Task.Delay(1);
            }

            await Task.WhenAll(sent);
        }

        public async Task<double> FlatAsync(int callers, TimeSpan time)
        {
            var (began, before) = (Stopwatch.GetTimestamp(), Accepted.Count);
            await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
            {
                while (Stopwatch.GetElapsedTime(began) < time)
                {
                    await SendAsync(Stopwatch.GetTimestamp());
                }
            }));
            return (Accepted.Count - before) / Stopwatch.GetElapsedTime(began).TotalSeconds;
        }

        private async Task SendAsync(long due)
        {
            using var request = deliveries.Create(url, Interlocked.Increment(ref _number));
            using var response = await http.SendAsync(request);
            var body = await response.Content.ReadAsStringAsync();
            Times.Add(Stopwatch.GetElapsedTime(due).TotalMilliseconds);
            if ((int)response.StatusCode != 202)
            {
                throw new InvalidOperationException($"The door answered {(int)response.StatusCode}: {body}");
            }

            using var answer = JsonDocument.Parse(body);
            Accepted.Add(answer.RootElement.GetProperty("id").GetString()!);
        }
    }
}
