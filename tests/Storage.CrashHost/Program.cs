using Ebb.Storage;
using Microsoft.Extensions.Logging.Abstractions;

// Works on a store until it is killed, and says on standard output what was acknowledged to it, one line each.
var options = new HostStorageOptions { Storage = "sqlite:" + args[0], MaxRuns = 50_000 };
var gate = new Lock();
var round = args[1];
await using var storage = await HostStorage.OpenAsync(options, TimeProvider.System, NullLoggerFactory.Instance, default);
Say("open");

void Say(string line)
{
    lock (gate)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }
}

async Task Produce(int producer)
{
    // Large now and then, so that a write of many pages is hit too and the log soon is worth bringing into the database.
    for (var i = 0; ; i++)
    {
        var name = $"{round}-{producer}-{i}";
        var body = name + " " + new string('x', i % 10 == 0 ? 200_000 : 200);
        var result = await storage.Queues.EnqueueAsync(new() { Queue = "work", Body = body, IdempotencyKey = name }, default);
        Say($"enqueued {name} {result.RunId}");
    }
}

async Task Consume()
{
    while (true)
    {
        await storage.Queues.WaitForWorkAsync(["work"], default);
        var messages = await storage.Queues.DequeueAsync(
            new() { Queue = "work", Function = "F", Instance = round, MaxCount = 2, LeaseDuration = TimeSpan.FromMinutes(5) }, default);
        foreach (var message in messages)
        {
            Say($"took {message.RunId} {message.DequeueCount}");
            if (await storage.Queues.SettleAsync(message, new Settlement.Succeeded(null), default))
                Say($"settled {message.RunId}");
        }
    }
}

await Task.WhenAll(Produce(0), Produce(1), Produce(2), Consume(), Consume());
