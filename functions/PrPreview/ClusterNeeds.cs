using Ebb.Contracts.Previews;
using Ebb.Kubernetes;
using Ebb.PrPreview.Settings;
using Ebb.Worker;
using Microsoft.Extensions.Configuration;

namespace Ebb.PrPreview;

/// <summary>
/// What previews need in a cluster. Their namespaces come and go, so most rights hold everywhere; the policy in infra/policies confines
/// them to namespaces named as previews are.
/// </summary>
internal static class ClusterNeeds
{
    private const string Registries = "/run/secrets/ebb/registries";
    private const string GitHosts = "/run/secrets/ebb/git-hosts";
    private const string Robots = "/run/secrets/ebb/harbor-robots";

    public static AppNeeds Of(IConfiguration configuration) => WithRobots(Bare(configuration), HarborRobotOptions.From(new SectionReader(configuration, [])) is not null);

    private static AppNeeds Bare(IConfiguration configuration) => new()
    {
        Secrets =
        [
            new SecretNeed { Secret = "ebb-registries", Directory = Registries, Keys = ["config.json"] },
            new SecretNeed { Secret = "ebb-git-hosts", Directory = GitHosts, Optional = true },
        ],
        Egress = [EgressKind.Registry, EgressKind.GitHost, EgressKind.KubernetesApi],
        Documents = [Preview.KeyPrefix, "preview-locks/", "preview-places", "preview-pull-requests/"],
        Rights = [.. Everywhere(), .. InArgo(configuration), .. PullSecret(configuration)],
        Environment = new Dictionary<string, string> { ["DOCKER_CONFIG"] = Registries },
        MaxReplicas = 5,
    };

    // The account that makes robots is none that pulls: a secret of its own.
    private static AppNeeds WithRobots(AppNeeds needs, bool areMade) => !areMade ? needs : needs with
    {
        Secrets = [.. needs.Secrets, new SecretNeed { Secret = "ebb-harbor-robots", Directory = Robots, Keys = ["password"] }],
        Settings = new Dictionary<string, string> { ["PrPreview:HarborRobot:PasswordFile"] = $"{Robots}/password" },
    };

    private static IEnumerable<KubernetesRight> Everywhere() =>
    [
        Right(ResourceTypes.Namespaces, "get", "list", "create", "patch", "delete"),
        Right(ResourceTypes.ResourceQuotas, "get", "create", "patch"),
        Right(ResourceTypes.LimitRanges, "get", "create", "patch"),
        Right(ResourceTypes.NetworkPolicies, "get", "create", "patch"),
        // Written, never read: the secrets of others stay theirs.
        Right(ResourceTypes.Secrets, "create", "patch"),
        Right(ResourceTypes.Pods, "list"),
        Right(ResourceTypes.Deployments, "list"),
    ];

    private static IEnumerable<KubernetesRight> InArgo(IConfiguration configuration) =>
        [Right(ResourceTypes.Applications, "get", "create", "patch", "delete") with { Namespace = configuration["PrPreview:ArgoNamespace"] ?? "argocd" }];

    private static IEnumerable<KubernetesRight> PullSecret(IConfiguration configuration) =>
        SecretName.From(new SectionReader(configuration, []), "PullSecret") is { } secret
            ? [Right(ResourceTypes.Secrets, "get") with { Namespace = secret.Namespace, Names = [secret.Name] }]
            : [];

    private static KubernetesRight Right(ResourceType type, params string[] verbs) =>
        new() { ApiGroup = type.Group, Resources = [type.Plural], Verbs = verbs, Namespace = KubernetesRight.EveryNamespace };
}
