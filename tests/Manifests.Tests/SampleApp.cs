using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Ebb.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.Manifests.Tests;

/// <summary>A worker that needs something of every kind.</summary>
internal sealed class SampleApp(bool confined = true) : IFunctionApp
{
    public string Name => "SampleBackup";

    public IReadOnlyList<IndexedFunction> Functions { get; } =
    [
        Function("BackupOnSchedule", new TimerTriggerDefinition("%SampleBackup:Schedule%", UseMonitor: true, RunOnStartup: false)),
        Function("BackupOnRequest", new QueueTriggerDefinition("sample-backup")),
        Function("BackupOnMessage", new RabbitMQTriggerDefinition("orders")),
        Function("Verify", new TimerTriggerDefinition("06:00:00", UseMonitor: true, RunOnStartup: false)),
    ];

    public IJsonTypeInfoResolver Json { get; } = JsonTypeInfoResolver.Combine();

    public IReadOnlyDictionary<string, string?> DefaultSettings { get; } = new Dictionary<string, string?> { ["SampleBackup:Schedule"] = "0 30 2 * * *" };

    public IReadOnlyList<string> Documents { get; init; } = ["sample-backup/"];

    public AppNeeds Needs(IConfiguration configuration) => new()
    {
        Documents = Documents,
        Secrets =
        [
            new SecretNeed { Secret = "ebb-talos", Directory = "/var/run/secrets/talos.dev", Keys = ["config"] },
            new SecretNeed { Secret = "ebb-extra", Directory = "/run/secrets/ebb/extra", Optional = true },
        ],
        Files = [new FileNeed("ebb-clusters", "/etc/ebb/clusters")],
        Egress = [EgressKind.Talos, EgressKind.ObjectStore, EgressKind.Vault],
        Rights =
        [
            new KubernetesRight { ApiGroup = "", Resources = ["secrets"], Verbs = ["get"], Names = ["ebb-restore"] },
            new KubernetesRight { ApiGroup = "argoproj.io", Resources = ["applications"], Verbs = ["get", "list", "patch"], Namespace = "argocd", Rules = Rules("object.spec == oldObject.spec") },
            new KubernetesRight { ApiGroup = "", Resources = ["namespaces"], Verbs = ["create", "delete", "get"], Namespace = KubernetesRight.EveryNamespace, Rules = Rules("request.name.startsWith('it\\'s-')") },
        ],
        Settings = new Dictionary<string, string> { ["Talos:Config"] = "/var/run/secrets/talos.dev/config" },
        MaxReplicas = 1,
    };

    public void ConfigureServices(IServiceCollection services, IConfiguration configuration)
    {
    }

    public IEnumerable<string> Validate(IConfiguration configuration) => [];

    public IEnumerable<Command> Commands(IConfiguration configuration) => [];

    private IReadOnlyList<WriteRule> Rules(string expression) => confined ? [new WriteRule(expression, "Nothing else.")] : [];

    private static IndexedFunction Function(string name, TriggerDefinition trigger) => new(name, $"Sample.{name}", trigger, static _ => default);
}
