using System.CommandLine;
using Ebb.Manifests.Charts;
using Ebb.Manifests.Rights;
using Ebb.Manifests.Writing;
using Ebb.Worker;
using Microsoft.Extensions.Configuration;

namespace Ebb.Manifests;

/// <summary><c>manifests [--output dir] [--chart dir] [--check]</c>.</summary>
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
        var chart = new Option<string?>("--chart") { Description = "Write the same documents as a Helm chart too, into this directory." };
        var written = new Option<string>("--base") { Description = "The documents of the chart that are written by hand.", DefaultValueFactory = _ => "infra/base" };
        Add(output);
        Add(hostJson);
        Add(given);
        Add(check);
        Add(chart);
        Add(written);
        SetAction((parsed, cancellationToken) => RunAsync(
            new Files(parsed.GetValue(output)!, parsed.GetValue(hostJson)!, parsed.GetValue(given), parsed.GetValue(chart), parsed.GetValue(written)!),
            parsed.GetValue(check), parsed.InvocationConfiguration, cancellationToken));
    }

    private async Task<int> RunAsync(Files paths, bool check, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        var hostJson = await ReadAsync(paths.HostJson, "Name the apps' host.json with --host-json.", cancellationToken);
        var settings = Settings(paths.Settings);
        var planned = AppPlanner.Plan(_apps, settings, hostJson, paths.HostJson);
        var files = AppManifests.Of(planned);
        if (RightsAudit.Problems(files.Documents) is { Count: > 0 } problems)
        {
            throw new HostStartException(problems);
        }

        List<(string Directory, ManifestFiles Files)> outputs = [(paths.Output, files)];
        if (paths.Chart is { } chart)
        {
            outputs.Add((chart, Chart.Of(planned, paths.Base)));
        }

        return check ? await CheckAsync(outputs, console, cancellationToken) : await WriteAsync(outputs, settings, console, cancellationToken);
    }

    private static async Task<int> CheckAsync(List<(string Directory, ManifestFiles Files)> outputs, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        var drifted = false;
        foreach (var (directory, files) in outputs)
        {
            foreach (var drift in await files.CompareAsync(directory, cancellationToken))
            {
                await console.Error.WriteLineAsync($"{directory}/{drift}");
                drifted = true;
            }
        }

        if (drifted)
        {
            await console.Error.WriteLineAsync("The manifests are not what the functions say; `./dev manifests` writes them anew.");
        }

        return drifted ? 1 : 0;
    }

    private async Task<int> WriteAsync(
        List<(string Directory, ManifestFiles Files)> outputs, Dictionary<string, string?> settings, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        foreach (var (directory, files) in outputs)
        {
            var changed = await files.WriteAsync(directory, cancellationToken);
            await console.Output.WriteLineAsync($"{directory}: {files.All.Count} files, {changed.Count} changed");
        }

        foreach (var (app, reason) in AppPlanner.TurnedOff(_apps, settings))
        {
            await console.Output.WriteLineAsync($"{app} is turned off: {reason}");
        }

        return 0;
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

    private sealed record Files(string Output, string HostJson, string? Settings, string? Chart, string Base);
}
