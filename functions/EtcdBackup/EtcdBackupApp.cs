using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Ebb.Contracts;
using Ebb.EtcdBackup.Commands;
using Ebb.EtcdBackup.Configuration;
using Ebb.EtcdBackup.Drills;
using Ebb.EtcdBackup.Reports;
using Ebb.RabbitMq;
using Ebb.RabbitMq.Commands;
using Ebb.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Ebb.EtcdBackup;

/// <summary>The app that backs etcd up.</summary>
public sealed class EtcdBackupApp : IFunctionApp
{
    /// <inheritdoc/>
    public string Name => "EtcdBackup";

    /// <inheritdoc/>
    public IReadOnlyList<IndexedFunction> Functions => FunctionIndex.Functions;

    /// <inheritdoc/>
    public IJsonTypeInfoResolver Json => JsonTypeInfoResolver.Combine(ContractsJson.Default, ReportJson.Default);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string?> DefaultSettings { get; } = new Dictionary<string, string?>
    {
        ["EtcdBackup:Schedule"] = "0 0 2 * * *",
        ["EtcdBackup:DrillSchedule"] = "0 0 4 * * 0",
        ["EtcdBackup:RabbitMQQueue"] = Queues.EtcdSnapshots,
    };

    /// <inheritdoc/>
    public AppNeeds Needs(IConfiguration configuration) => ClusterNeeds.Of(configuration);

    /// <inheritdoc/>
    public IEnumerable<TurnedOff> Off(IConfiguration configuration) =>
        EtcdBackupOptionsReader.IsConfigured(configuration) ? [] : [TurnedOff.All(this, "EtcdBackup:Source is not set", "etcd/drills", "etcd/snapshots")];

    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services, IConfiguration configuration)
    {
        if (!EtcdBackupOptionsReader.IsConfigured(configuration))
        {
            return;
        }

        services.TryAddSingleton(TimeProvider.System);
        services.AddSnapshots(EtcdBackupOptionsReader.Read(configuration, []));
        services.AddDrills(DrillOptions.From(configuration, []));
        services.AddRabbitMQ(configuration);
        services.AddHostedService<StoreCheck>();
    }

    /// <inheritdoc/>
    public IEnumerable<string> Validate(IConfiguration configuration)
    {
        var problems = new List<string>();
        EtcdBackupOptionsReader.Read(configuration, problems);
        DrillOptions.From(configuration, problems);
        problems.AddRange(RabbitMQServices.Validate(configuration));
        return problems;
    }

    /// <inheritdoc/>
    public IEnumerable<Command> Commands(IConfiguration configuration) => [new EtcdCommand(configuration), RabbitMQCommand.Create(configuration)];
}
