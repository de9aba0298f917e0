using System.CommandLine;
using System.Text.Json;
using Ebb.Worker.Definitions;
using Ebb.Worker.Hosting;
using Ebb.Worker.Json;

namespace Ebb.Worker.Commands;

/// <summary><c>functions</c>: what there is, what starts it and when. Opens no storage.</summary>
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
                ? Local(context.Load())
                : await host.GetAsync("admin/functions", WorkerJson.Default.IReadOnlyListFunctionView, cancellationToken);
            await (parsed.GetValue(json)
                ? context.Environment.Output.WriteLineAsync(JsonSerializer.Serialize(functions, IndentedJson.Default.IReadOnlyListFunctionView))
                : WriteTableAsync(functions, context.Environment.Output));
            return ExitCode.Succeeded;
        });
        return command;
    }

    private static IReadOnlyList<FunctionView> Local(HostSetup setup) =>
        [.. setup.Functions.Functions.Select(function => FunctionViews.Of(function, function.Timer?.Next(setup.Environment.Time.GetUtcNow())))];

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
