using System.CommandLine;
using Ebb.Storage;
using Ebb.Worker.Definitions;
using Ebb.Worker.Json;
using Ebb.Worker.Timers;

namespace Ebb.Worker.Commands;

/// <summary>
/// <c>functions</c>: what there is, what starts it and when. Storage is opened only for schedules that are durations: when
/// they are due next is nowhere else.
/// </summary>
internal static class FunctionsCommand
{
    public static Command Create(CommandContext context)
    {
        var json = new Option<bool>("--json") { Description = "JSON instead of a table." };
        var command = new Command("functions", "Lists the functions: trigger, schedule and next run, queue.") { json };
        var remote = new RemoteOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var host = remote.Connect(parsed);
            var functions = host is null
                ? await LocalAsync(context, cancellationToken)
                : await host.GetAsync("admin/functions", WorkerJson.Default.IReadOnlyListFunctionView, cancellationToken);
            await (parsed.GetValue(json)
                ? context.Environment.Output.WriteLineAsync(ReadableJson.IndentedText(functions, WorkerJson.Default.IReadOnlyListFunctionView))
                : WriteTableAsync(functions, context.Environment.Output));
            return ExitCode.Succeeded;
        });
        return command;
    }

    private static async Task<IReadOnlyList<FunctionView>> LocalAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var setup = context.Load();
        var now = setup.Environment.Time.GetUtcNow();
        var next = setup.Functions.Timers.ToDictionary(timer => timer.Function, timer => (DateTimeOffset?)timer.Next(now), StringComparer.Ordinal);
        var durations = setup.Functions.Timers.Where(timer => timer.Schedule.IsDuration).ToList();
        if (durations.Count > 0 && HostStorage.Exists(setup.Worker.Storage))
        {
            try
            {
                await context.WithStorageAsync("ebb functions --url http://127.0.0.1:8080 --key-file <the master key>",
                    (_, storage) => ReadNextAsync(storage, durations, next, cancellationToken), cancellationToken);
            }
            catch (HostStorageException e)
            {
                durations.ForEach(timer => next[timer.Function] = null);
                await context.Environment.Error.WriteLineAsync($"The next runs of durations are not known. {e.Message}");
            }
        }

        foreach (var off in setup.Functions.Off.GroupBy(function => function.Off))
        {
            await context.Environment.Error.WriteLineAsync($"Off, because {off.Key}: {string.Join(", ", off.Select(function => function.Name))}.");
        }

        return [.. setup.Functions.Functions.Select(function => FunctionViews.Of(function, next.GetValueOrDefault(function.Name)))];
    }

    private static async Task<int> ReadNextAsync(
        IHostStorage storage, List<ScheduledTimer> durations, Dictionary<string, DateTimeOffset?> next, CancellationToken cancellationToken)
    {
        foreach (var timer in durations)
        {
            var stored = await storage.Schedules.GetAsync(timer.Function, cancellationToken);
            if (stored?.Schedule == timer.StoredSchedule)
            {
                next[timer.Function] = stored.Next;
            }
        }

        return ExitCode.Succeeded;
    }

    private static async Task WriteTableAsync(IReadOnlyList<FunctionView> functions, TextWriter output)
    {
        var table = new TextTable("NAME", "TRIGGER", "SCHEDULE", "NEXT RUN", "QUEUE", "ROUTE");
        foreach (var function in functions.OrderBy(function => function.Name, StringComparer.OrdinalIgnoreCase))
        {
            table.Add(
                function.Name, function.Trigger.Replace("Trigger", "", StringComparison.Ordinal), function.Schedule,
                TextTable.Time(function.Next), function.Queue, RouteOf(function));
        }

        await table.WriteAsync(output);
    }

    private static string? RouteOf(FunctionView function) => function.Config.Bindings is [{ Methods: { Count: > 0 } methods }, ..]
        ? $"{string.Join(',', methods).ToUpperInvariant()} {function.InvokeUrlTemplate}"
        : function.InvokeUrlTemplate;
}
