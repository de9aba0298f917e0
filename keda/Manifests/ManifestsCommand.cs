using System.CommandLine;
using Ebb.Worker;

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
        var check = new Option<bool>("--check") { Description = "Write nothing; exit with 1 when the files there differ, and name them." };
        Add(output);
        Add(hostJson);
        Add(check);
        SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(output)!, parsed.GetValue(hostJson)!, parsed.GetValue(check), parsed.InvocationConfiguration, cancellationToken));
    }

    private async Task<int> RunAsync(string output, string hostJson, bool check, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        var text = File.Exists(hostJson)
            ? await File.ReadAllTextAsync(hostJson, cancellationToken)
            : throw new HostStartException([$"{Path.GetFullPath(hostJson)} does not exist. Name the apps' host.json with --host-json."]);
        var files = AppManifests.Of(AppPlanner.Plan(_apps, _settings, text, hostJson));
        if (!check)
        {
            var changed = await files.WriteAsync(output, cancellationToken);
            await console.Output.WriteLineAsync($"{output}: {files.All.Count} files, {changed.Count} changed");
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
}
