using System.CommandLine;
using Ebb.Contracts;
using Ebb.Worker.Definitions;
using Ebb.Worker.Hosting;
using Ebb.Worker.Json;

namespace Ebb.Worker.Commands;

/// <summary><c>run &lt;Function&gt;</c>: one run in this process.</summary>
internal static class RunCommand
{
    public static Command Create(CommandContext context)
    {
        var name = new Argument<string>("function") { Description = "The function's name." };
        var input = new Option<string?>("--input") { Description = "The message: JSON, @file, or @- for standard input." };
        var command = new Command("run", "Runs one function once: the run as JSON on standard output, logs on standard error.") { name, input };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var signals = new StopSignals();
            var setup = context.Load();
            var function = Find(setup, parsed.GetValue(name)!);
            var message = await ReadAsync(parsed.GetValue(input), cancellationToken);
            return await context.WithStorageAsync(
                $"curl -X POST -H 'x-functions-key: …' -d '{{\"input\":\"…\"}}' http://127.0.0.1:8080/admin/functions/{function.Name}",
                async (used, storage) =>
                {
                    await using var single = new SingleRun(used, storage, signals);
                    var run = await single.RunAsync(used.Functions.Find(function.Name)!, message);
                    await context.Environment.Output.WriteLineAsync(ReadableJson.IndentedText(RunView.Of(run), WorkerJson.Default.RunView));
                    return run.State is Storage.RunState.Succeeded ? ExitCode.Succeeded : ExitCode.Failed;
                },
                cancellationToken);
        });
        return command;
    }

    private static HostedFunction Find(HostSetup setup, string name)
    {
        var names = setup.Functions.Functions.Select(function => function.Name).Order(StringComparer.OrdinalIgnoreCase).ToList();
        var function = setup.Functions.Find(name) ?? throw new UsageException(setup.Functions.WhyOff(name)
            ?? (NearestName.Of(name, names) is { } near
                ? $"There is no function '{name}'. Did you mean '{near}'?"
                : $"There is no function '{name}'. There are: {string.Join(", ", names)}."));
        return function.IsHttp
            ? throw new UsageException($"'{function.Name}' is an HTTP function: start the host and call {function.Route}.")
            : function;
    }

    private static async Task<string?> ReadAsync(string? input, CancellationToken cancellationToken)
    {
        try
        {
            return input switch
            {
                "@-" => await Console.In.ReadToEndAsync(cancellationToken),
                ['@', .. var file] => await File.ReadAllTextAsync(file, cancellationToken),
                _ => input,
            };
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"--input: {unreadable.Message}");
        }
    }
}
