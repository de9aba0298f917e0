using System.Diagnostics;
using System.Globalization;
using Ebb.Storage;
using Ebb.Worker;
using Ebb.Worker.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Benchmarks.PostgresQueue;

/// <summary>Eight hosts with the settings that every host has by default: each takes 16 messages at a time and runs 24 at most.</summary>
internal sealed class EbbContender : IQueueContender
{
    private const int Producers = 8;
    private const int Workers = 8;

    private readonly string _address;
    private readonly string _directory;
    private readonly IHostStorage _storage;

    private EbbContender(string address, string directory, IHostStorage storage) =>
        (_address, _directory, _storage) = (address, directory, storage);

    public string Name => "Ebb";

    public static async Task<EbbContender> StartAsync(string address)
    {
        var directory = Directory.CreateDirectory(Path.Combine(Settings.Scratch, "ebb")).FullName;
        await File.WriteAllTextAsync(Path.Combine(directory, "host.json"), """{ "version": "2.0" }""");
        var storage = await HostStorage.OpenAsync(new() { Storage = address }, TimeProvider.System, NullLoggerFactory.Instance, default);
        return new EbbContender(address, directory, storage);
    }

    public async Task<double> HandleAsync(int count)
    {
        await using var workers = await StartWorkersAsync(count);
        var next = -1;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Producers).Select(async _ =>
        {
            for (var number = Interlocked.Increment(ref next); number < count; number = Interlocked.Increment(ref next))
            {
                await EnqueueAsync(number);
            }
        }));
        await workers.Done;
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public async Task<double> DrainAsync(int count)
    {
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (number, _) => await EnqueueAsync(number));
        await using var workers = await StartWorkersAsync(count);
        await workers.Done;
        return Stopwatch.GetElapsedTime(workers.Jobs.First).TotalSeconds;
    }

    public async Task<double[]> EnqueueAsync(int perSecond, int seconds)
    {
        await using var workers = await StartWorkersAsync(perSecond * seconds);
        var start = Stopwatch.GetTimestamp();
        List<Task<double>> calls = [];
        for (var number = 0; number < perSecond * seconds; number++)
        {
            var due = TimeSpan.FromSeconds((double)number / perSecond);
            if (due - Stopwatch.GetElapsedTime(start) is { Ticks: > 0 } pause)
            {
                await Task.Delay(pause);
            }

            calls.Add(TimedAsync(number, start, due));
        }

        var times = await Task.WhenAll(calls);
        await workers.Done;
        return times;
    }

    public ValueTask DisposeAsync() => _storage.DisposeAsync();

    private async Task<double> TimedAsync(int number, long start, TimeSpan due)
    {
        await EnqueueAsync(number);
        return (Stopwatch.GetElapsedTime(start) - due).TotalMilliseconds;
    }

    private async Task EnqueueAsync(int number) => await _storage.Queues.EnqueueAsync(
        new()
        {
            Queue = MirrorJobs.Queue,
            Body = string.Create(CultureInfo.InvariantCulture, $$"""{"image":"registry.example.com/library/alpine","tag":"3.20","number":{{number}}}"""),
        },
        default);

    private async Task<EbbWorkers> StartWorkersAsync(int count)
    {
        var jobs = new Countdown(count);
        var hosts = await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => FunctionHost.StartAsync(
            // As pg-boss does, which deletes nothing for hours: the runs are kept.
            [$"--Storage={_address}", "--Runs:Max=1000000", "--urls=http://127.0.0.1:0"],
            [new QueueApp(jobs)],
            new HostEnvironment { WorkingDirectory = _directory, LoggerProvider = NullLoggerProvider.Instance },
            CancellationToken.None)));
        return new EbbWorkers(hosts, jobs);
    }

    private sealed record EbbWorkers(RunningHost[] Hosts, Countdown Jobs) : IAsyncDisposable
    {
        public Task Done => Jobs.Done;

        public async ValueTask DisposeAsync() => await Task.WhenAll(Hosts.Select(host => host.DisposeAsync().AsTask()));
    }
}
