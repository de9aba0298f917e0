using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Policies;
using Ebb.SecretBump.Unsealing;
using Ebb.Worker;
using Microsoft.Extensions.Configuration;

namespace Ebb.SecretBump;

/// <summary>What the app needs in a cluster: the store of secrets, and where it rolls out, rights on what it looks at and restarts.</summary>
internal static class ClusterNeeds
{
    private const string Registries = "/run/secrets/ebb/registries";
    private const string Import = "/run/secrets/ebb/import";

    private static readonly (string Group, string[] Resources, string[] Verbs)[] Rollout =
    [
        ("external-secrets.io", ["externalsecrets"], ["get", "list", "watch", "patch"]),
        ("apps", ["deployments", "statefulsets", "daemonsets"], ["get", "list", "watch", "patch"]),
        ("", ["pods"], ["get", "list"]),
        // Whether the tag has arrived; only get, so that nobody can list what there is.
        ("", ["secrets"], ["get"]),
    ];

    public static AppNeeds Of(IConfiguration configuration)
    {
        var options = BumpOptions.From(configuration, []);
        var needs = new AppNeeds
        {
            Egress = [EgressKind.Vault],
            Documents = [EnvironmentDocument.Prefix],
            ServiceAccountToken = true,
            Secrets = [.. UnsealServices.Secrets(configuration), new SecretNeed { Secret = "ebb-import", Directory = Import, Keys = ["identity.txt"], Optional = true }],
            Settings = new Dictionary<string, string> { ["SecretBump:ImportIdentityFile"] = $"{Import}/identity.txt" },
            MaxReplicas = 4,
        };
        return WithRollout(WithRegistry(needs, options), options);
    }

    private static AppNeeds WithRegistry(AppNeeds needs, BumpOptions options) => options.RequireImage is null ? needs : needs with
    {
        Secrets = [.. needs.Secrets, new SecretNeed { Secret = "ebb-registries", Directory = Registries, Keys = ["config.json"] }],
        Egress = [.. needs.Egress, EgressKind.Registry],
        Environment = new Dictionary<string, string> { ["DOCKER_CONFIG"] = Registries },
    };

    private static AppNeeds WithRollout(AppNeeds needs, BumpOptions options)
    {
        var namespaces = options.Environments.Values.Append(options.Default).Select(policy => policy.Namespace).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (namespaces.Count == 0)
        {
            return needs;
        }

        // A name with an application or environment in it can be any.
        var scopes = namespaces.Exists(name => name.Contains('{')) ? [KubernetesRight.EveryNamespace] : namespaces;
        return needs with
        {
            Egress = [.. needs.Egress, EgressKind.KubernetesApi],
            Rights =
            [
                .. scopes.SelectMany(scope => Rollout.Select(right => new KubernetesRight { ApiGroup = right.Group, Resources = right.Resources, Verbs = right.Verbs, Namespace = scope })),
                new KubernetesRight { ApiGroup = "external-secrets.io", Resources = ["clusterexternalsecrets"], Verbs = ["get", "patch"], Namespace = KubernetesRight.EveryNamespace },
            ],
        };
    }
}
