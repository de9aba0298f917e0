using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Ebb.Contracts;
using Ebb.Webhooks.Etcd;
using Ebb.Webhooks.Git;
using Ebb.Webhooks.Git.Hooks;
using Ebb.Webhooks.Previews;
using Ebb.Webhooks.Secrets;
using Ebb.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Ebb.Webhooks;

/// <summary>
/// The only door: it verifies, validates and enqueues. It holds function keys and webhook secrets, and no credential of
/// any system behind it.
/// </summary>
public sealed class WebhooksApp : IFunctionApp
{
    public string Name => "Webhooks";

    public IReadOnlyList<IndexedFunction> Functions => FunctionIndex.Functions;

    public IJsonTypeInfoResolver Json => ContractsJson.Default;

    public IReadOnlyDictionary<string, string?> DefaultSettings { get; } = new Dictionary<string, string?>();

    public AppNeeds Needs(IConfiguration configuration) => ClusterNeeds.Of(configuration);

    public void ConfigureServices(IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(GitHooksOptions.From(configuration, []));
        services.AddSingleton<HookSecrets>();
        services.AddSingleton<GitDialects>();
        services.AddSingleton<PullRequestQueue>();
        services.AddSingleton<GitDoor>();
        services.AddTransient<EtcdSnapshots>();
        services.AddTransient<EtcdDrills>();
        services.AddTransient<PreviewsDoor>();
        services.AddSingleton(ImportOptions.From(configuration, []));
        services.AddTransient<SecretsImport>();
        services.AddTransient<Apps>();
    }

    public IEnumerable<string> Validate(IConfiguration configuration)
    {
        var problems = new List<string>();
        GitHooksOptions.From(configuration, problems);
        ImportOptions.From(configuration, problems);
        return problems;
    }

    public IEnumerable<Command> Commands(IConfiguration configuration) => [];
}
