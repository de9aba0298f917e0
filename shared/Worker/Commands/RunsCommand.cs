using System.CommandLine;
using Ebb.Storage;
using Ebb.Worker.Json;

namespace Ebb.Worker.Commands;

/// <summary><c>runs [id]</c>: the newest runs as a table, or one as JSON.</summary>
internal static class RunsCommand
{
    private const string Remotely = "ebb runs --url http://127.0.0.1:8080 --key-file <a host key>";

    public static Command Create(CommandContext context)
    {
        var id = new Argument<string?>("id") { Description = "Show this run, as JSON.", Arity = ArgumentArity.ZeroOrOne };
        var function = new Option<string?>("--function") { Description = "Only runs of this function." };
        var state = new Option<RunState?>("--state") { Description = "Only runs in this state." };
        var limit = new Option<int>("--limit") { Description = "How many at most, 1 to 1000.", DefaultValueFactory = _ => 20 };
        var json = new Option<bool>("--json") { Description = "JSON instead of a table." };
        var command = new Command("runs", "Lists the newest runs, or shows one.") { id, function, state, limit, json };
        var remote = new RemoteOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var host = remote.Connect(parsed);
            if (parsed.GetValue(id) is { } text)
            {
                return await ShowAsync(context, host, RunId.TryParse(text, out var run) ? run : throw new UsageException($"'{text}' is not the id of a run."), cancellationToken);
            }

            var query = new RunQuery { Function = parsed.GetValue(function), State = parsed.GetValue(state), Limit = parsed.GetValue(limit) };
            return query.Limit is < 1 or > 1000
                ? throw new UsageException($"--limit is {query.Limit}; it must be 1 to 1000.")
                : await ListAsync(context, host, query, parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> ShowAsync(CommandContext context, RemoteHost? host, RunId id, CancellationToken cancellationToken)
    {
        if (host is not null)
        {
            return await WriteAsync(context, await host.GetAsync($"api/runs/{id}", WorkerJson.Default.RunView, cancellationToken));
        }

        return await context.WithStorageAsync(Remotely, async (_, storage) =>
            await storage.Runs.GetAsync(id, cancellationToken) is { } run
                ? await WriteAsync(context, RunView.Of(run))
                : throw new HostStorageException($"There is no run {id}, or it is no longer kept."), cancellationToken);
    }

    private static async Task<int> WriteAsync(CommandContext context, RunView run)
    {
        await context.Environment.Output.WriteLineAsync(ReadableJson.IndentedText(run, WorkerJson.Default.RunView));
        return ExitCode.Succeeded;
    }

    private static async Task<int> ListAsync(CommandContext context, RemoteHost? host, RunQuery query, bool json, CancellationToken cancellationToken)
    {
        if (host is not null)
        {
            return await WriteAsync(context, await host.GetAsync(PathOf(query), WorkerJson.Default.IReadOnlyListRunView, cancellationToken), json);
        }

        return await context.WithStorageAsync(Remotely, async (_, storage) =>
            await WriteAsync(context, [.. (await storage.Runs.ListAsync(query, cancellationToken)).Select(RunView.Of)], json), cancellationToken);
    }

    private static string PathOf(RunQuery query) =>
        $"api/runs?limit={query.Limit}"
        + (query.Function is null ? string.Empty : $"&function={Uri.EscapeDataString(query.Function)}")
        + (query.State is null ? string.Empty : $"&state={query.State}");

    private static async Task<int> WriteAsync(CommandContext context, IReadOnlyList<RunView> runs, bool json)
    {
        var output = context.Environment.Output;
        if (json)
        {
            await output.WriteLineAsync(ReadableJson.IndentedText(runs, WorkerJson.Default.IReadOnlyListRunView));
            return ExitCode.Succeeded;
        }

        var table = new TextTable("ID", "FUNCTION", "TRIGGER", "STATE", "CREATED", "TOOK", "ATTEMPTS", "ERROR");
        foreach (var run in runs)
        {
            table.Add(
                run.Id, run.Function, run.Trigger.ToString().ToLowerInvariant(), run.State.ToString().ToLowerInvariant(),
                TextTable.Time(run.CreatedAt), (run.EndedAt - run.StartedAt)?.ToString(@"hh\:mm\:ss\.fff"),
                $"{run.Attempts.Count}", run.Error is { } error ? $"{error.Type}: {FirstLine(error.Message)}" : null);
        }

        await table.WriteAsync(output);
        return ExitCode.Succeeded;
    }

    private static string FirstLine(string text)
    {
        const int most = 100;
        var line = text.AsSpan().TrimStart();
        var end = line.IndexOfAny('\r', '\n');
        line = end < 0 ? line : line[..end];
        return line.Length <= most ? line.ToString() : $"{line[..most]}…";
    }
}
