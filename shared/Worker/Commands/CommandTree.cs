using System.CommandLine;
using Ebb.Worker.Configuration;

namespace Ebb.Worker.Commands;

/// <summary>The commands of the executable: the runtime's, and those the apps add.</summary>
internal static class CommandTree
{
    public static async Task<int> RunAsync(IReadOnlyList<IFunctionApp> apps, Arguments arguments, HostEnvironment environment)
    {
        var context = new CommandContext(apps, arguments.Settings, environment);
        var root = new RootCommand("Runs functions that HTTP requests, timers and queue messages start. " +
            "Settings are given to every command as --Key=Value, such as --Storage=sqlite:/data/ebb.db.");
        root.Subcommands.Add(Start(context));
        root.Subcommands.Add(RunCommand.Create(context));
        root.Subcommands.Add(FunctionsCommand.Create(context));
        root.Subcommands.Add(RunsCommand.Create(context));
        root.Subcommands.Add(QueueCommand.Create(context));
        root.Subcommands.Add(SettingsCommand.Create(context));
        root.Subcommands.Add(StorageCommand.Create(context));
        var configuration = HostConfiguration.Build(apps, arguments.Settings, environment.WorkingDirectory, []);
        foreach (var command in apps.SelectMany(app => app.Commands(configuration)).DistinctBy(command => command.Name))
        {
            root.Subcommands.Add(command);
        }

        // An argument that begins with @ is a message's file, not one of arguments.
        var parsed = root.Parse(arguments.Rest, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await environment.Error.WriteLineAsync(error.Message);
            }

            await environment.Error.WriteLineAsync("The option --help shows what there is.");
            return ExitCode.WrongUsage;
        }

        return await ExitCode.OfAsync(environment, () => parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = environment.Output,
            Error = environment.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        }));
    }

    private static Command Start(CommandContext context)
    {
        var command = new Command("start", "Hosts every function until SIGTERM or Ctrl+C (the default).");
        command.SetAction((_, _) => StartCommand.RunAsync(context.Apps, context.Settings, context.Environment));
        return command;
    }
}
