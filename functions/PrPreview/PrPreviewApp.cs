using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Ebb.Contracts;
using Ebb.GitHosts;
using Ebb.GitHosts.Configuration;
using Ebb.Kubernetes;
using Ebb.Oci;
using Ebb.PrPreview.Cluster;
using Ebb.PrPreview.Commands;
using Ebb.PrPreview.Keeping;
using Ebb.PrPreview.Reaping;
using Ebb.PrPreview.Rendering;
using Ebb.PrPreview.Settings;
using Ebb.PrPreview.State;
using Ebb.PrPreview.Telling;
using Ebb.PrPreview.Truth;
using Ebb.RabbitMq;
using Ebb.Storage;
using Ebb.Storage.Exclusion;
using Ebb.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Ebb.PrPreview;

/// <summary>The app that keeps previews of pull requests.</summary>
public sealed class PrPreviewApp : IFunctionApp
{
    /// <inheritdoc/>
    public string Name => "PrPreview";

    /// <inheritdoc/>
    public IReadOnlyList<IndexedFunction> Functions => FunctionIndex.Functions;

    /// <inheritdoc/>
    public IJsonTypeInfoResolver Json => JsonTypeInfoResolver.Combine(ContractsJson.Default, PreviewJson.Default);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string?> DefaultSettings { get; } = new Dictionary<string, string?>
    {
        ["PrPreview:ReapSchedule"] = "0 17 * * * *",
        ["PrPreview:RabbitMQQueue"] = Queues.Previews,
    };

    /// <inheritdoc/>
    public AppNeeds Needs(IConfiguration configuration) => ClusterNeeds.Of(configuration);

    /// <inheritdoc/>
    public IEnumerable<TurnedOff> Off(IConfiguration configuration) =>
        PreviewOptions.IsConfigured(configuration) ? [] : [TurnedOff.All(this, $"{PreviewOptions.Section}:{nameof(PreviewOptions.Domain)} is not set", "git", "previews")];

    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services, IConfiguration configuration)
    {
        if (PreviewOptions.From(configuration, []) is not { } options)
        {
            return;
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Pace.Default);
        services.AddSingleton(options);
        AddClients(services, configuration);
        services.AddSingleton(provider => provider.GetRequiredService<IHostStorage>().Documents);
        services.AddSingleton(provider => provider.GetRequiredService<IHostStorage>().Queues);
        services.TryAddSingleton<ExclusiveKeys>();
        services.AddSingleton<PreviewDocuments>().AddSingleton<PullRequestMemory>().AddSingleton<PreviewKeys>().AddSingleton<PlaceBook>();
        services.AddSingleton<PreviewRenderer>().AddSingleton<BranchValues>().AddSingleton<ObjectApplier>().AddSingleton<CauseFinder>().AddSingleton<PreviewApplications>().AddSingleton<ImageCheck>().AddSingleton<PullRobots>();
        services.AddSingleton<TruthReader>().AddSingleton<WaitingTruth>().AddSingleton<Teller>().AddSingleton<ForkApprovals>().AddSingleton<Decision>().AddSingleton<PreviewJournal>();
        services.AddSingleton<PullSecrets>().AddSingleton<RobotRenewal>().AddSingleton<Environments>().AddSingleton<ApplicationFollower>().AddSingleton<PreviewStarter>().AddSingleton<PreviewRemover>();
        services.AddSingleton<PreviewKeeper>().AddSingleton<RequestHandler>().AddSingleton<Reaper>();
        services.AddTransient<PreviewFunctions>();
        services.AddRabbitMQ(configuration);
    }

    /// <inheritdoc/>
    public IEnumerable<string> Validate(IConfiguration configuration)
    {
        var problems = new List<string>();
        PreviewOptions.From(configuration, problems);
        GitHostsOptions.From(configuration, problems);
        return (PreviewOptions.IsConfigured(configuration) ? problems : []).Concat(RabbitMQServices.Validate(configuration));
    }

    /// <inheritdoc/>
    public IEnumerable<Command> Commands(IConfiguration configuration) => [PreviewCommand.Create(configuration)];

    private static void AddClients(IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(provider => new RegistryClients(RegistriesOptions.From(configuration), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => new KubernetesClient(KubernetesOptions.From(configuration), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => new GitHostClients(GitHostsOptions.From(configuration, []), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<GitHostFinder>(provider => provider.GetRequiredService<GitHostClients>().Find);
    }
}
