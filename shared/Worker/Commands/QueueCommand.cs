using System.CommandLine;
using Ebb.Storage;
using Ebb.Worker.Definitions;
using Ebb.Worker.Json;

namespace Ebb.Worker.Commands;

/// <summary><c>queue peek|redrive|purge &lt;queue&gt;</c>.</summary>
internal static class QueueCommand
{
    private const string Remotely = "ebb queue … --url http://127.0.0.1:8080 --key-file <the master key>";

    private static readonly Argument<string> Queue = new("queue") { Description = "The queue's name; a timer's is $timer-<Function>, a poison queue's ends with -poison." };
    private static readonly Option<bool> Poison = new("--poison") { Description = "The poison queue." };

    public static Command Create(CommandContext context)
    {
        var (peek, redrive, purge) = (Peek(), Redrive(), Purge());
        var remote = new RemoteOptions(peek.Command, redrive.Command, purge.Command);
        foreach (var (command, ask) in new[] { peek, redrive, purge })
        {
            command.SetAction(async (parsed, cancellationToken) =>
            {
                var queue = QueueAddress.Of(parsed.GetValue(Queue)!, parsed.GetResult(Poison) is not null && parsed.GetValue(Poison));
                if (!QueueName.Exists(queue.Queue))
                {
                    throw new UsageException($"'{queue.Queue}' is no queue's name; {QueueName.Rule}.");
                }

                using var host = remote.Connect(parsed);
                return await ask(context, host, parsed, queue, cancellationToken);
            });
        }

        return new Command("queue", "Looks into a queue, or changes it.") { peek.Command, redrive.Command, purge.Command };
    }

    private delegate Task<int> Ask(CommandContext context, RemoteHost? host, ParseResult parsed, QueueAddress queue, CancellationToken cancellationToken);

    private static (Command Command, Ask Ask) Peek()
    {
        var limit = new Option<int>("--limit") { Description = "How many messages at most, 1 to 1000.", DefaultValueFactory = _ => 32 };
        return (new Command("peek", "Shows the counts and the oldest messages, as JSON.") { Queue, Poison, limit },
            async (context, host, parsed, queue, cancellationToken) =>
            {
                var count = parsed.GetValue(limit);
                if (count is < 1 or > 1000)
                {
                    throw new UsageException($"--limit is {count}; it must be 1 to 1000.");
                }

                if (host is not null)
                {
                    var path = $"{PathOf(queue)}?limit={count}&poison={(queue.IsPoison ? "true" : "false")}";
                    return await ShowAsync(context, await host.GetAsync(path, WorkerJson.Default.QueueView, cancellationToken));
                }

                return await context.WithStorageAsync(Remotely, async (_, storage) => await ShowAsync(context, QueueView.Of(
                    queue.Queue,
                    await storage.Queues.CountAsync(queue.Queue, cancellationToken),
                    await storage.Queues.PeekAsync(queue.Queue, queue.IsPoison, count, cancellationToken))), cancellationToken);
            }
        );
    }

    private static (Command Command, Ask Ask) Redrive()
    {
        var run = new Option<string?>("--run") { Description = "Only this run; all of them otherwise." };
        return (new Command("redrive", "Puts poisoned messages back into their queue.") { Queue, run },
            (context, host, parsed, queue, cancellationToken) =>
            {
                RunId? id = parsed.GetValue(run) is not { } text ? null
                    : RunId.TryParse(text, out var value) ? value : throw new UsageException($"--run: '{text}' is not the id of a run.");
                return ChangeAsync(
                    context, host, queue with { IsPoison = false }, $"redrive{(id is null ? string.Empty : $"?run={id}")}", "put back",
                    storage => storage.Queues.RedriveAsync(queue.Queue, id, cancellationToken), cancellationToken);
            }
        );
    }

    private static (Command Command, Ask Ask) Purge() =>
        (new Command("purge", "Deletes the messages that wait; their runs end failed.") { Queue, Poison },
            (context, host, parsed, queue, cancellationToken) => ChangeAsync(
                context, host, queue, $"purge?poison={(queue.IsPoison ? "true" : "false")}", "deleted",
                storage => storage.Queues.PurgeAsync(queue.Queue, queue.IsPoison, cancellationToken), cancellationToken));

    private static async Task<int> ChangeAsync(
        CommandContext context, RemoteHost? host, QueueAddress queue, string action, string done,
        Func<IHostStorage, ValueTask<int>> change, CancellationToken cancellationToken)
    {
        if (host is not null)
        {
            var changed = await host.PostAsync($"{PathOf(queue)}/{action}", WorkerJson.Default.QueueChange, cancellationToken);
            return await SayAsync(context, queue, changed.Count, done);
        }

        return await context.WithStorageAsync(
            Remotely, async (_, storage) => await SayAsync(context, queue, await change(storage), done), cancellationToken);
    }

    private static string PathOf(QueueAddress queue) => $"admin/queues/{Uri.EscapeDataString(queue.Queue)}";

    private static async Task<int> SayAsync(CommandContext context, QueueAddress queue, int count, string done)
    {
        await context.Environment.Output.WriteLineAsync($"{queue}: {count} {(count == 1 ? "message" : "messages")} {done}");
        return ExitCode.Succeeded;
    }

    private static async Task<int> ShowAsync(CommandContext context, QueueView queue)
    {
        await context.Environment.Output.WriteLineAsync(ReadableJson.IndentedText(queue, WorkerJson.Default.QueueView));
        return ExitCode.Succeeded;
    }
}
