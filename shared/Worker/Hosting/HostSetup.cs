using System.Text.Json;
using Ebb.Worker.Configuration;
using Ebb.Worker.Definitions;
using Ebb.Worker.Json;
using Microsoft.Extensions.Configuration;

namespace Ebb.Worker.Hosting;

/// <summary>Everything a host is made of, read and checked before anything starts.</summary>
internal sealed record HostSetup
{
    public required HostEnvironment Environment { get; init; }

    public required IReadOnlyList<IFunctionApp> Apps { get; init; }

    public required IConfiguration Configuration { get; init; }

    /// <summary>The <c>host.json</c> that was read; null when there is none.</summary>
    public required string? HostJson { get; init; }

    public required HostOptions Host { get; init; }

    public required WorkerOptions Worker { get; init; }

    public required FunctionCatalog Functions { get; init; }

    public required JsonSerializerOptions Json { get; init; }

    /// <summary>What has no effect and is said once the host runs.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Reads configuration, host.json and the apps.</summary>
    /// <exception cref="HostStartException">Something is wrong; it lists all of it.</exception>
    public static HostSetup Load(IReadOnlyList<IFunctionApp> apps, IReadOnlyList<string> settings, HostEnvironment environment)
    {
        var problems = new List<string>();
        var configuration = HostConfiguration.Build(apps, settings, environment.WorkingDirectory, problems);
        var hostJson = HostConfiguration.FindHostJson(environment.WorkingDirectory);
        var host = hostJson is null ? new HostOptionsResult(new HostOptions(), [], []) : HostOptionsLoader.Load(hostJson);
        problems.AddRange(host.Errors);
        var worker = WorkerOptions.Read(configuration, problems);
        var json = AppJson.Combine(apps);
        var functions = FunctionCatalog.Build(apps, configuration, host.Options, json, problems);
        foreach (var app in apps)
        {
            problems.AddRange(app.Validate(configuration).Select(problem => $"{app.Name}: {problem}"));
        }

        return problems.Count > 0 ? throw new HostStartException(problems) : new HostSetup
        {
            Environment = environment,
            Apps = apps,
            Configuration = configuration,
            HostJson = hostJson,
            Host = host.Options,
            Worker = worker,
            Functions = functions,
            Json = json,
            Warnings = host.Warnings,
        };
    }
}
