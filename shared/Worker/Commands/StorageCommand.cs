using System.CommandLine;
using Ebb.Storage;
using Ebb.Storage.Roles;
using Ebb.Worker.Configuration;
using Ebb.Worker.Telemetry;

namespace Ebb.Worker.Commands;

/// <summary><c>storage migrate [--roles file]</c>: prepares PostgreSQL for processes whose roles may not.</summary>
internal static class StorageCommand
{
    public static Command Create(CommandContext context)
    {
        var roles = new Option<string?>("--roles")
        {
            Description = "A list of roles and what each may do (`ebb manifests` writes storage/roles.json): they get those rights and lose all others.",
        };
        var migrate = new Command("migrate", "Brings the schema up to date, as the role that owns it, and grants the other roles their rights.") { roles };
        migrate.SetAction((parsed, cancellationToken) => MigrateAsync(context, parsed.GetValue(roles), cancellationToken));
        return new Command("storage", "Prepares host storage.") { migrate };
    }

    // The apps' own configuration is not asked for: the migration has none of it.
    private static async Task<int> MigrateAsync(CommandContext context, string? file, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        var configuration = HostConfiguration.Build(context.Apps, context.Settings, context.Environment.WorkingDirectory, problems);
        var options = HostStorageOptions.From(configuration, problems);
        if (problems.Count > 0)
        {
            throw new HostStartException(problems);
        }

        var roles = file is null ? null : StorageRoles.Parse(await ReadAsync(file, cancellationToken));
        using var loggers = HostLogging.Create(context.Environment, new HostOptions(), configuration, toStandardError: true);
        await HostStorage.MigrateAsync(options, roles, context.Environment.Time, loggers, cancellationToken);
        await context.Environment.Output.WriteLineAsync(
            $"The schema {options.Schema} is up to date{(roles is null ? "" : $"; {roles.Count} roles have their rights: {string.Join(", ", roles.Select(role => role.Name))}")}.");
        return ExitCode.Succeeded;
    }

    private static async Task<string> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(file, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--roles: {file} cannot be read: {e.Message}");
        }
    }
}
