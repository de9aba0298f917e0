using System.CommandLine;
using Ebb.Manifests.Rights;
using Ebb.Worker;
using Microsoft.Extensions.Configuration;

namespace Ebb.Manifests;

/// <summary><c>manifests [--output dir] [--check]</c>.</summary>
internal sealed class ManifestsCommand : Command
{
    private readonly IReadOnlyList<IFunctionApp> _apps;
    private readonly IReadOnlyDictionary<string, string?> _settings;

    public ManifestsCommand(IReadOnlyList<IFunctionApp> apps, IReadOnlyDictionary<string, string?> settings)
        : base("manifests", "Writes the Kubernetes manifests of every app from its functions. Settings given as --Key=Value go into them.")
    {
        (_apps, _settings) = (apps, settings);
        var output = new Option<string>("--output") { Description = "Where to write.", DefaultValueFactory = _ => "keda/generated" };
        var hostJson = new Option<string>("--host-json") { Description = "The host.json of the apps.", DefaultValueFactory = _ => "host.json" };
        var given = new Option<string?>("--settings") { Description = "A JSON file with settings, for what would be too much for a command line." };
        var check = new Option<bool>("--check") { Description = "Write nothing; exit with 1 when the files there differ, and name them." };
        Add(output);
        Add(hostJson);
        Add(given);
        Add(check);
        SetAction((parsed, cancellationToken) => RunAsync(
            new Files(parsed.GetValue(output)!, parsed.GetValue(hostJson)!, parsed.GetValue(given)),
            parsed.GetValue(check), parsed.InvocationConfiguration, cancellationToken));
    }

    private async Task<int> RunAsync(Files paths, bool check, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        var output = paths.Output;
        var hostJson = await ReadAsync(paths.HostJson, "Name the apps' host.json with --host-json.", cancellationToken);
        var settings = Settings(paths.Settings);
        var files = AppManifests.Of(AppPlanner.Plan(_apps, settings, hostJson, paths.HostJson));
        if (RightsAudit.Problems(files.Documents) is { Count: > 0 } problems)
        {
            throw new HostStartException(problems);
        }

        if (!check)
        {
            var changed = await files.WriteAsync(output, cancellationToken);
            await console.Output.WriteLineAsync($"{output}: {files.All.Count} files, {changed.Count} changed");
            foreach (var (app, reason) in AppPlanner.TurnedOff(_apps, settings))
            {
                await console.Output.WriteLineAsync($"{app} is turned off: {reason}");
            }

            return 0;
        }

        var drifts = await files.CompareAsync(output, cancellationToken);
        foreach (var drift in drifts)
        {
            await console.Error.WriteLineAsync($"{output}/{drift}");
        }

        if (drifts.Count > 0)
        {
            await console.Error.WriteLineAsync("The manifests are not what the functions say; `./dev manifests` writes them anew.");
        }

        return drifts.Count == 0 ? 0 : 1;
    }

    // The command line overrules the file.
    private Dictionary<string, string?> Settings(string? file)
    {
        try
        {
            var builder = new ConfigurationBuilder();
            if (file is not null)
            {
                builder.AddJsonFile(Path.GetFullPath(file), optional: false, reloadOnChange: false);
            }

            return builder.AddInMemoryCollection(_settings).Build().AsEnumerable()
                .Where(setting => setting.Value is not null).ToDictionary(StringComparer.OrdinalIgnoreCase);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new HostStartException([$"{file} cannot be read: {e.GetBaseException().Message} Give --settings a JSON file with settings."]);
        }
    }

    private static async Task<string> ReadAsync(string path, string remedy, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(path, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HostStartException([$"{path} cannot be read: {e.Message} {remedy}"]);
        }
    }

    private sealed record Files(string Output, string HostJson, string? Settings);
}
