using Ebb.Storage;
using Ebb.Worker;
using Microsoft.Extensions.Configuration;

namespace Ebb.Manifests.Settings;

/// <summary>The section <c>Manifests</c>: where the cluster has what the apps use.</summary>
internal sealed record ManifestOptions
{
    /// <summary><c>Namespace</c>: where everything goes.</summary>
    public required string Namespace { get; init; }

    /// <summary><c>Team</c>: the label app.kubernetes.io/team that admission asks for.</summary>
    public required string Team { get; init; }

    /// <summary><c>Registry</c>: the registry and path of the images; each app's own name is put behind it.</summary>
    public required string Registry { get; init; }

    /// <summary><c>Tag</c>: the images' tag.</summary>
    public required string Tag { get; init; }

    /// <summary><c>Host</c>: the host name of the Ingress.</summary>
    public required string Host { get; init; }

    /// <summary><c>IngressClass</c>.</summary>
    public required string IngressClass { get; init; }

    /// <summary><c>ClusterIssuer</c>: cert-manager's issuer of the Ingress' certificate.</summary>
    public required string ClusterIssuer { get; init; }

    /// <summary><c>Storage</c>: the database, with the user that owns the schema; each app's own user is made from it.</summary>
    public required StorageUrl Storage { get; init; }

    /// <summary><c>StorageCluster</c>: CloudNativePG's cluster, whose secrets and pods are used.</summary>
    public required string StorageCluster { get; init; }

    /// <summary><c>Scaler</c>: the scaler's address as KEDA reaches it.</summary>
    public required string Scaler { get; init; }

    /// <summary><c>Lead</c>: how long before a timer is due its pod is started.</summary>
    public required TimeSpan Lead { get; init; }

    /// <summary><c>PollingInterval</c>: how often KEDA asks whether an app may go to zero.</summary>
    public required TimeSpan PollingInterval { get; init; }

    /// <summary><c>CooldownPeriod</c>: how long an app stays up after its last work.</summary>
    public required TimeSpan CooldownPeriod { get; init; }

    /// <summary><c>IngressFrom</c>: the namespace of the ingress controller.</summary>
    public required string IngressFrom { get; init; }

    /// <summary><c>Egress:&lt;kind&gt;</c>: where each kind of system is.</summary>
    public required IReadOnlyDictionary<EgressKind, IReadOnlyList<EgressPeer>> Egress { get; init; }

    /// <summary><c>Egress:RabbitMQ</c>: where the brokers are.</summary>
    public required IReadOnlyList<EgressPeer> RabbitMQ { get; init; }

    /// <summary>Reads the section; every problem is added, and its default taken.</summary>
    public static ManifestOptions From(IConfiguration configuration, List<string> problems)
    {
        const string section = "Manifests:";
        var read = new SettingReader(configuration, problems);
        string Text(string key, string fallback) => read.Text(section + key, fallback);
        TimeSpan Duration(string key, int fallback, int most) =>
            read.Duration(section + key, TimeSpan.FromSeconds(fallback), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(most));
        IReadOnlyList<EgressPeer> Peers(string kind, string fallback) =>
            EgressPeer.ParseList(section + "Egress:" + kind, Text("Egress:" + kind, fallback), problems);

        var ns = Text("Namespace", "ebb");
        return new ManifestOptions
        {
            Namespace = ns,
            Team = Text("Team", "platform"),
            Registry = Text("Registry", "harbor.example.com/ebb"),
            Tag = Text("Tag", "0.1.0"),
            Host = Text("Host", "ebb.example.com"),
            IngressClass = Text("IngressClass", "traefik"),
            ClusterIssuer = Text("ClusterIssuer", "internal-ca"),
            Storage = StorageUrl.Parse(section + "Storage", Text("Storage", "postgres://ebb@ebb-postgres-rw:5432/ebb?sslmode=verify-full&pool=5"), problems),
            StorageCluster = Text("StorageCluster", "ebb-postgres"),
            Scaler = Text("Scaler", $"ebb-scaler.{ns}.svc:9090"),
            Lead = Duration("Lead", 20, 3600),
            PollingInterval = Duration("PollingInterval", 30, 3600),
            CooldownPeriod = Duration("CooldownPeriod", 60, 86_400),
            IngressFrom = Text("IngressFrom", "traefik"),
            Egress = Enum.GetValues<EgressKind>().ToDictionary(kind => kind, kind => Peers(kind.ToString(), Default(kind))),
            RabbitMQ = Peers("RabbitMQ", "rabbitmq/rabbitmq:5671"),
        };
    }

    private static string Default(EgressKind kind) => kind switch
    {
        EgressKind.Registry or EgressKind.GitHost => "0.0.0.0/0:443",
        EgressKind.Vault => "vault/vault:8200",
        EgressKind.KubernetesApi => "0.0.0.0/0:6443",
        EgressKind.ObjectStore => "0.0.0.0/0:443, 0.0.0.0/0:9000",
        EgressKind.Talos => "0.0.0.0/0:50000",
        EgressKind.Etcd => "0.0.0.0/0:2379",
        _ => throw new InvalidOperationException($"Egress of the kind {kind} has no default; state it here."),
    };
}
