namespace Ebb.Worker;

/// <summary>
/// What an app needs around it in a cluster. The generated manifests grant this and nothing else: host storage, DNS and what a
/// trigger needs come by themselves.
/// </summary>
public sealed record AppNeeds
{
    /// <summary>Host storage and the triggers' own needs only.</summary>
    public static AppNeeds Nothing { get; } = new();

    /// <summary>What is wrong with its settings for a cluster, with the remedy. Any: no manifests are made.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Secrets, mounted as files.</summary>
    public IReadOnlyList<SecretNeed> Secrets { get; init; } = [];

    /// <summary>Files that are no secret, such as a list of images.</summary>
    public IReadOnlyList<FileNeed> Files { get; init; } = [];

    /// <summary>Space to work in; 64 MiB at <c>/tmp</c> come by themselves.</summary>
    public IReadOnlyList<ScratchNeed> Scratch { get; init; } = [];

    /// <summary>The systems the app opens connections to.</summary>
    public IReadOnlyList<EgressKind> Egress { get; init; } = [];

    /// <summary>What the app may do with the Kubernetes API. None: its pod holds no service account token.</summary>
    public IReadOnlyList<KubernetesRight> Rights { get; init; } = [];

    /// <summary>
    /// Whether the app logs in elsewhere, such as at Vault, with its service account's token. Default false; with
    /// <see cref="Rights"/> the token is there anyway.
    /// </summary>
    public bool ServiceAccountToken { get; init; }

    /// <summary>
    /// The queues of other apps that it sends to. Those of its own triggers come by themselves. An app that itself takes from queues can give
    /// messages for others no sequence key.
    /// </summary>
    public IReadOnlyList<string> Sends { get; init; } = [];

    /// <summary>What the keys of the documents begin with that it keeps, such as <c>secrets/</c>. No other app writes them.</summary>
    public IReadOnlyList<string> Documents { get; init; } = [];

    /// <summary>What the keys of other apps' documents begin with that it reads.</summary>
    public IReadOnlyList<string> ReadsDocuments { get; init; } = [];

    /// <summary>Settings that hold in a cluster, such as where the secrets are mounted.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Plain environment variables of tools and libraries, such as <c>DOCKER_CONFIG</c>.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>How many replicas KEDA may start. Default 10.</summary>
    public int MaxReplicas { get; init; } = 10;
}
