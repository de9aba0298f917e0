using System.Diagnostics;
using System.Globalization;
using Ebb.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Benchmarks;

/// <summary>
/// Durable enqueues by many callers, taking and ending, what an operation costs with few and with many messages waiting, and what kept runs cost.
/// </summary>
internal static class EmbeddedQueueBenchmark
{
    private const int Callers = 16;
    private const int BlockOperations = 50;
    private const int Workers = 4;
    private const string Queue = "work";

    private static readonly int Rounds = Settings.Count(5, smoke: 1);
    private static readonly int Runs = Settings.Count(100_000, smoke: 1000);
    private static readonly int Blocks = Settings.Count(50, smoke: 1);
    private static readonly TimeSpan RoundTime = Settings.Lasting(TimeSpan.FromSeconds(2));
    private static readonly string Body = new('x', 300);

    public static async Task RunAsync(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var scratch = Directory.CreateTempSubdirectory("ebb-embedded-queue-").FullName;
        try
        {
            await EnqueueAsync(scratch, output);
            await KeepAsync(scratch, output);
            await BacklogAsync(scratch, "disk", output);
            // Where fsync costs nothing, what is left is the queue's own work.
            const string Memory = "/dev/shm";
            if (Directory.Exists(Memory))
            {
                var memory = Directory.CreateDirectory(Path.Combine(Memory, Path.GetFileName(scratch))).FullName;
                await BacklogAsync(memory, "memory", output);
                Directory.Delete(memory, recursive: true);
            }
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static async Task EnqueueAsync(string scratch, TextWriter output)
    {
        await using var storage = await OpenAsync(Path.Combine(scratch, "enqueue"));
        await using var file = new FileStream(Path.Combine(scratch, "bare"), FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        using var gate = new SemaphoreSlim(1);
        var record = new byte[Body.Length + 300];
        List<double> ours = [], bare = [];
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(await PerSecondAsync(async () => await storage.Queues.EnqueueAsync(new() { Queue = Queue, Body = Body }, default)));
            bare.Add(await PerSecondAsync(async () =>
            {
                await gate.WaitAsync();
                try
                {
                    await file.WriteAsync(record);
                    file.Flush(flushToDisk: true);
                }
                finally
                {
                    gate.Release();
                }
            }));
        }
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"""

            | durable enqueues, {Callers} callers | a second | ratio |
            |---|---:|---:|
            | embedded queue (group commit) | {Median(ours):F0} | {Median(ours) / Median(bare):F1} |
            | bare file: write and fsync, one caller at a time | {Median(bare):F0} | 1.0 |
            """));
    }

    private static async Task KeepAsync(string scratch, TextWriter output)
    {
        var directory = Path.Combine(scratch, "keep");
        var before = WorkingSet();
        var storage = await OpenAsync(directory);
        await FillAsync(storage, Runs);
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(() => WorkAsync(storage))));
        var perSecond = Runs / Stopwatch.GetElapsedTime(start).TotalSeconds;
        var kept = WorkingSet() - before;
        await storage.DisposeAsync();
        start = Stopwatch.GetTimestamp();
        await (await OpenAsync(directory)).DisposeAsync();
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"""

            | {Runs} runs | |
            |---|---:|
            | taken and ended a second, {Workers} workers, 16 at a time | {perSecond:F0} |
            | working set, kept | {kept / 1024 / 1024} MB |
            | opened and closed again | {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} ms |
            """));
    }

    private static async Task WorkAsync(IHostStorage storage)
    {
        while (true)
        {
            var messages = await storage.Queues.DequeueAsync(
                new() { Queue = Queue, Function = "F", Instance = "i", MaxCount = 16, LeaseDuration = TimeSpan.FromMinutes(5) }, default);
            if (messages.Count == 0)
                return;
            await Task.WhenAll(messages.Select(message => storage.Queues.SettleAsync(message, new Settlement.Succeeded(null), default).AsTask()));
        }
    }

    private static long WorkingSet()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return Environment.WorkingSet;
    }

    private static async Task<double> PerSecondAsync(Func<Task> operation)
    {
        var start = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            for (; Stopwatch.GetElapsedTime(start) < RoundTime; count++)
                await operation();
            return count;
        })));
        return counts.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task BacklogAsync(string scratch, string medium, TextWriter output)
    {
        await using var few = await OpenAsync(Path.Combine(scratch, "few"));
        await using var many = await OpenAsync(Path.Combine(scratch, "many"));
        await FillAsync(few, 10);
        await FillAsync(many, 10_000);
        await using var shortFile = Fill(Path.Combine(scratch, "short"), 10);
        await using var longFile = Fill(Path.Combine(scratch, "long"), 10_000);
        List<double> fewTimes = [], manyTimes = [], shortTimes = [], longTimes = [];
        // In turn and in short blocks, so that whatever else the machine does meets both alike.
        for (var block = 0; block < Blocks; block++)
        {
            fewTimes.Add(await CycleAsync(few));
            manyTimes.Add(await CycleAsync(many));
            manyTimes.Add(await CycleAsync(many));
            fewTimes.Add(await CycleAsync(few));
            shortTimes.Add(Cycle(shortFile));
            longTimes.Add(Cycle(longFile));
        }
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"""

            | enqueue, dequeue and settle one message, {medium} | median | ratio |
            |---|---:|---:|
            | 10 waiting | {Median(fewTimes):F0} µs | 1.00 |
            | 10,000 waiting | {Median(manyTimes):F0} µs | {Median(manyTimes) / Median(fewTimes):F2} |
            | the same writes to a bare file, 10 records long | {Median(shortTimes):F0} µs | 1.00 |
            | the same writes to a bare file, 10,000 records long | {Median(longTimes):F0} µs | {Median(longTimes) / Median(shortTimes):F2} |
            """));
    }

    private static FileStream Fill(string path, int records)
    {
        var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var record = new byte[2 * Body.Length];
        for (var i = 0; i < records; i++)
            file.Write(record);
        file.Flush(flushToDisk: true);
        return file;
    }

    /// <summary>What the file system alone takes for the same: an enqueue, a lease and a settlement, two of them durable.</summary>
    private static double Cycle(FileStream file)
    {
        var record = new byte[2 * Body.Length];
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < BlockOperations; i++)
        {
            file.Write(record);
            file.Flush(flushToDisk: true);
            file.Write(record);
            file.Write(record);
            file.Flush(flushToDisk: true);
        }
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / BlockOperations;
    }

    private static async Task FillAsync(IHostStorage storage, int count) =>
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (_, cancellationToken) =>
            await storage.Queues.EnqueueAsync(new() { Queue = Queue, Body = Body }, cancellationToken));

    /// <summary>Microseconds for one message's way through the queue.</summary>
    private static async Task<double> CycleAsync(IHostStorage storage)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < BlockOperations; i++)
        {
            await storage.Queues.EnqueueAsync(new() { Queue = Queue, Body = Body }, default);
            var messages = await storage.Queues.DequeueAsync(
                new() { Queue = Queue, Function = "F", Instance = "i", MaxCount = 1, LeaseDuration = TimeSpan.FromMinutes(5) }, default);
            await storage.Queues.SettleAsync(messages[0], new Settlement.Succeeded(null), default);
        }
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / BlockOperations;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static async Task<IHostStorage> OpenAsync(string directory) =>
        await HostStorage.OpenAsync(new() { Storage = $"sqlite:{directory}/ebb.db", MaxRuns = 10 * Runs }, TimeProvider.System, NullLoggerFactory.Instance, default);
}
