using System.Globalization;
using Ebb.Storage;
using Ebb.TestServers.Postgres;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Benchmarks.Scaler;

/// <summary>The scaler with fifty functions over PostgreSQL: from enqueue to push, and what it costs when nothing happens.</summary>
internal static class ScalerBenchmark
{
    private const int Functions = 50;
    private static readonly int Rounds = Settings.Count(20, smoke: 1);

    private static readonly TimeSpan Idle = Settings.Lasting(TimeSpan.FromSeconds(60));

    // A push is repeated every two seconds while work is there: after this the stream waits again.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan PollEvery = Settings.Lasting(TimeSpan.FromSeconds(15));

    public static async Task RunAsync()
    {
        var table = new MarkdownTable(
            "scaler, 50 functions", "start", "idle memory", "idle processor", "reads a second, idle", "enqueue p99", "push p50", "push p99", "push max");
        foreach (var (name, file) in Settings.Executables("Scaler", "Ebb.Scaler"))
        {
            await using var database = await PostgresServer.StartAsync(new() { Fsync = true });
            await using var storage = await HostStorage.OpenAsync(
                new() { Storage = database.Url() }, TimeProvider.System, NullLoggerFactory.Instance, default);
            table.Add([name, .. await MeasureAsync(file, database.Url(), storage)]);
        }

        table.Print();
    }

    private static async Task<string[]> MeasureAsync(string file, string url, IHostStorage storage)
    {
        var (scaler, start) = await ScalerProcess.StartAsync(file, url);
        await using var running = scaler;
        using var channel = GrpcChannel.ForAddress(
            string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{scaler.GrpcPort}"), new() { ThrowOperationCanceledOnCancellation = true });
        while (await FigureAsync(scaler, "ebb_scaler_storage_up") == 0)
        {
            await Task.Delay(100);
        }

        var functions = Enumerable.Range(0, Functions).Select(number => new ScaledFunction(number, channel, storage)).ToList();
        var streams = functions.Select(function => function.StreamAsync()).ToList();
        var (memory, share, reads) = await IdleAsync(scaler, functions);
        var times = (await Task.WhenAll(functions.Select((function, number) => PushesAsync(function, number)))).SelectMany(list => list).ToList();
        var pushes = times.Select(time => time.Push).Order().ToList();
        var enqueues = times.Select(time => time.Enqueue).Order().ToList();
        foreach (var function in functions)
        {
            function.Stop();
        }

        await Task.WhenAll(streams);
        functions.ForEach(function => function.Dispose());
        return
        [
            Text($"{start:F0} ms"), Text($"{memory:F0} MB"), Text($"{share:F2} %"), Text($"{reads:F2}"),
            Text($"{enqueues[enqueues.Count * 99 / 100]:F1} ms"), Text($"{pushes[pushes.Count / 2]:F1} ms"),
            Text($"{pushes[pushes.Count * 99 / 100]:F1} ms"), Text($"{pushes[^1]:F1} ms"),
        ];
    }

    // Polled as KEDA and the HPA do, both every 15 s.
    private static async Task<(double Megabytes, double Share, double Reads)> IdleAsync(ScalerProcess scaler, List<ScaledFunction> functions)
    {
        await PollAllAsync(functions);
        var (seconds, reads) = (scaler.Seconds, await ReadsAsync(scaler));
        for (var time = TimeSpan.Zero; time < Idle; time += PollEvery)
        {
            await PollAllAsync(functions);
        }

        return (scaler.Megabytes, (scaler.Seconds - seconds) / Idle.TotalSeconds * 100, (await ReadsAsync(scaler) - reads) / Idle.TotalSeconds);
    }

    private static async Task PollAllAsync(List<ScaledFunction> functions)
    {
        foreach (var function in functions)
        {
            await function.PollAsync();
            await Task.Delay(PollEvery / Functions);
        }
    }

    private static Task<double> ReadsAsync(ScalerProcess scaler) => FigureAsync(scaler, "ebb_scaler_storage_reads_total");

    private static async Task<double> FigureAsync(ScalerProcess scaler, string name)
    {
        using var client = new HttpClient();
        var page = await client.GetStringAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{scaler.MetricsPort}/metrics")));
        return double.Parse(page.Split('\n').Single(line => line.StartsWith(name + " ", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private static async Task<List<(double Enqueue, double Push)>> PushesAsync(ScaledFunction function, int number)
    {
        var times = new List<(double Enqueue, double Push)>();
        await Task.Delay(Quiet * number / Functions);
        for (var round = 0; round < Rounds; round++)
        {
            times.Add(await function.PushOnceAsync());
            await Task.Delay(Quiet);
        }

        return times;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
