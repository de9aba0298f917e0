using Ebb.Settings;
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
        var read = new SettingsReader(configuration, problems, "Manifests");
        TimeSpan Duration(string key, int fallback, int most) =>
            read.Duration(key, TimeSpan.FromSeconds(fallback), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(most));
        IReadOnlyList<EgressPeer> Peers(string kind, string fallback) => read.All<EgressPeer>("Egress:" + kind, EgressPeer.Form, EgressPeer.TryParse, fallback);

        const string storage = "postgres://ebb@ebb-postgres-rw:5432/ebb?sslmode=verify-full&pool=5";
        var ns = read.Text("Namespace", "ebb", "the namespace of everything");
        return new ManifestOptions
        {
            Namespace = ns,
            Team = read.Text("Team", "platform", "the label app.kubernetes.io/team"),
            Registry = read.Text("Registry", "harbor.example.com/ebb", "the registry and path of the images, without the apps' names"),
            Tag = read.Text("Tag", "0.1.0", "the images' tag"),
            Host = read.Text("Host", "ebb.example.com", "the host name of the Ingress"),
            IngressClass = read.Text("IngressClass", "traefik", "the class of the Ingress"),
            ClusterIssuer = read.Text("ClusterIssuer", "internal-ca", "cert-manager's issuer of the Ingress' certificate"),
            Storage = read.Parsed("Storage", StorageUrl.Form, StorageUrl.TryParse, StorageUrl.Parse(storage), storage),
            StorageCluster = read.Text("StorageCluster", "ebb-postgres", "the name of CloudNativePG's cluster"),
            Scaler = read.Text("Scaler", $"ebb-scaler.{ns}.svc:9090", "the scaler's address as KEDA reaches it"),
            Lead = Duration("Lead", 20, 3600),
            PollingInterval = Duration("PollingInterval", 30, 3600),
            CooldownPeriod = Duration("CooldownPeriod", 60, 86_400),
            IngressFrom = read.Text("IngressFrom", "traefik", "the namespace of the ingress controller"),
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
