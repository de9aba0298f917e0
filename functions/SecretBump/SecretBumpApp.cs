using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Ebb.Contracts;
using Ebb.Kubernetes;
using Ebb.Oci;
using Ebb.RabbitMq;
using Ebb.SecretBump.Changes;
using Ebb.SecretBump.Commands;
using Ebb.SecretBump.Policies;
using Ebb.SecretBump.Reports;
using Ebb.SecretBump.Rights;
using Ebb.SecretBump.Rollouts;
using Ebb.SecretBump.Unsealing;
using Ebb.Storage;
using Ebb.Storage.Exclusion;
using Ebb.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Ebb.SecretBump;

/// <summary>The app that brings new tags into applications' secrets and follows them to healthy pods.</summary>
public sealed class SecretBumpApp : IFunctionApp
{
    /// <inheritdoc/>
    public string Name => "SecretBump";

    /// <inheritdoc/>
    public IReadOnlyList<IndexedFunction> Functions => FunctionIndex.Functions;

    /// <inheritdoc/>
    public IJsonTypeInfoResolver Json => JsonTypeInfoResolver.Combine(ContractsJson.Default, ReportJson.Default, UnsealJson.Default);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string?> DefaultSettings { get; } = new Dictionary<string, string?>
    {
        ["SecretBump:RefreshSchedule"] = "0 */10 * * * *",
        ["SecretBump:RabbitMQQueue"] = Queues.SecretChanges,
        [UnsealServices.DefaultSchedule.Key] = UnsealServices.DefaultSchedule.Value,
    };

    /// <inheritdoc/>
    public AppNeeds Needs(IConfiguration configuration) => ClusterNeeds.Of(configuration);

    /// <inheritdoc/>
    public IEnumerable<TurnedOff> Off(IConfiguration configuration)
    {
        string[] unsealing = ["UnsealVaultOnSchedule", "UnsealVaultOnRequest"];
        if (!UnsealServices.IsConfigured(configuration))
        {
            yield return new TurnedOff("neither UnsealVault:Members nor UnsealVault:Service is set", unsealing);
        }

        if (!StoreServices.IsConfigured(configuration))
        {
            yield return new TurnedOff(
                StoreServices.NotConfigured, [.. Functions.Select(function => function.Name).Except(unsealing)],
                "apps", "secrets/approve", "secrets/bump", "secrets/import", "secrets/pin", "secrets/rollback", "secrets/unpin");
        }
    }

    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(BumpOptions.From(configuration, []));
        services.AddStore(configuration);
        services.AddUnsealing(configuration);
        services.AddSingleton(provider => new EnvironmentMemory(provider.GetRequiredService<IHostStorage>().Documents));
        services.AddSingleton(provider => new Lazy<RegistryClients>(() => new RegistryClients(RegistriesOptions.From(configuration), provider.GetRequiredService<TimeProvider>())));
        services.AddSingleton(provider => new Lazy<KubernetesClient>(() => new KubernetesClient(KubernetesOptions.From(configuration), provider.GetRequiredService<TimeProvider>())));
        services.AddSingleton<PatientStore>();
        services.AddSingleton<ChangeAudit>();
        services.TryAddSingleton<ExclusiveKeys>();
        services.AddSingleton<ChangeHistory>();
        services.AddSingleton<SecretRollout>();
        services.AddSingleton<VersionFollower>();
        services.AddSingleton<ImageCheck>();
        services.AddSingleton<TaggedVersions>();
        services.AddSingleton<BumpChange>();
        services.AddSingleton<RollbackChange>();
        services.AddSingleton<PinChange>();
        services.AddSingleton<ImportChange>();
        services.AddSingleton<SealedImports>();
        services.AddSingleton<ChangeEngine>();
        services.AddSingleton<AppsReader>();
        services.AddTransient<ChangeSecrets>();
        services.AddRabbitMQ(configuration);
    }

    /// <inheritdoc/>
    public IEnumerable<string> Validate(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var problems = new List<string>();
        var options = BumpOptions.From(configuration, problems);
        RolloutNamespaces.Given(configuration, problems);
        problems.AddRange(StoreServices.Validate(configuration));
        problems.AddRange(UnsealServices.Validate(configuration));
        problems.AddRange(RabbitMQServices.Validate(configuration));
        var registries = RegistryProblems(configuration);
        if (options.RequireImage is not null)
        {
            problems.AddRange(registries);
        }

        if (options.RollsOut)
        {
            problems.AddRange(ClusterProblems(configuration));
        }

        return problems;
    }

    /// <inheritdoc/>
    public IEnumerable<Command> Commands(IConfiguration configuration) => [new SecretsCommand(configuration)];

    private static string[] RegistryProblems(IConfiguration configuration)
    {
        try
        {
            RegistriesOptions.From(configuration);
            return [];
        }
        catch (OciFormatException e)
        {
            return e.Message.Split('\n');
        }
    }

    private static IEnumerable<string> ClusterProblems(IConfiguration configuration)
    {
        try
        {
            return KubernetesOptionsValidator.Validate(KubernetesOptions.From(configuration));
        }
        catch (KubernetesException e)
        {
            return [e.Message];
        }
    }
}
