using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Ebb.Contracts;
using Ebb.ImageMirror.Adhoc;
using Ebb.ImageMirror.Commands;
using Ebb.ImageMirror.Lists;
using Ebb.ImageMirror.Mirroring;
using Ebb.ImageMirror.Reports;
using Ebb.Oci;
using Ebb.RabbitMq;
using Ebb.RabbitMq.Commands;
using Ebb.Signing;
using Ebb.Storage;
using Ebb.Vault;
using Ebb.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Ebb.ImageMirror;

/// <summary>The app that mirrors and signs images.</summary>
public sealed class ImageMirrorApp : IFunctionApp
{
    /// <inheritdoc/>
    public string Name => "ImageMirror";

    /// <inheritdoc/>
    public IReadOnlyList<IndexedFunction> Functions => FunctionIndex.Functions;

    /// <inheritdoc/>
    public IJsonTypeInfoResolver Json => JsonTypeInfoResolver.Combine(ContractsJson.Default, ReportJson.Default);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string?> DefaultSettings { get; } = new Dictionary<string, string?>
    {
        ["ImageMirror:Schedule"] = "0 0 1 * * *",
        ["ImageMirror:RabbitMQQueue"] = Queues.ImageMirror,
    };

    /// <inheritdoc/>
    public AppNeeds Needs(IConfiguration configuration) => ClusterNeeds.Of(configuration);

    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(MirrorOptions.From(configuration, []));
        services.AddSingleton(provider => new RegistryClients(RegistriesOptions.From(configuration), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new VaultClient(VaultOptions.From(configuration), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new MirrorMemory(
            provider.GetRequiredService<IHostStorage>().Documents, provider.GetRequiredService<ILogger<MirrorMemory>>()));
        services.AddSingleton(provider => new MirrorSigning(
            provider.GetRequiredService<RegistryClients>(),
            SigningOptions.From(configuration),
            AdhocSigning.From(configuration),
            provider.GetRequiredService<VaultClient>,
            provider.GetRequiredService<MirrorMemory>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<MirrorEngine>();
        services.AddTransient<MirrorImages>();
        services.AddRabbitMQ(configuration);
        services.AddHostedService<ImagesFileCheck>();
    }

    /// <inheritdoc/>
    public IEnumerable<string> Validate(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var problems = new List<string>();
        var options = MirrorOptions.From(configuration, problems);
        problems.AddRange(SigningOptionsValidator.Validate(configuration));
        problems.AddRange(AdhocSigning.Validate(configuration));
        problems.AddRange(RabbitMQServices.Validate(configuration));
        var unread = new List<string>();
        var vault = VaultOptions.From(configuration, unread);
        if (ClusterNeeds.IsInVault(SigningOptions.From(configuration)) || ClusterNeeds.IsInVault(AdhocSigning.From(configuration)))
        {
            problems.AddRange(unread.Concat(VaultOptionsValidator.Validate(vault)));
        }

        try
        {
            var registries = RegistriesOptions.From(configuration);
            if (options.MaxParallelBlobs >= registries.MaxConcurrentRequests)
            {
                // A transfer within one registry holds a request for reading while it needs another for writing.
                problems.Add($"ImageMirror:MaxParallelBlobs is {options.MaxParallelBlobs}; write less than MaxConcurrentRequests, which is {registries.MaxConcurrentRequests}.");
            }
        }
        catch (OciFormatException e)
        {
            problems.AddRange(e.Message.Split('\n'));
        }

        return problems;
    }

    /// <inheritdoc/>
    public IEnumerable<Command> Commands(IConfiguration configuration) =>
    [
        new ImagesCommand(configuration),
        new SigningCommand(configuration, () => TargetRepositories.Of(MirrorOptions.From(configuration, []))),
        RabbitMQCommand.Create(configuration),
    ];
}
