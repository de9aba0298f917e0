using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Changes;
using Ebb.SecretBump.Policies;
using Ebb.SecretBump.Rights;
using Ebb.SecretBump.Unsealing;
using Ebb.Worker;
using Microsoft.Extensions.Configuration;

namespace Ebb.SecretBump;

/// <summary>What the app needs in a cluster: the store of secrets, and where it rolls out, rights on what it looks at and restarts.</summary>
internal static class ClusterNeeds
{
    private const string Registries = "/run/secrets/ebb/registries";
    private const string Import = "/run/secrets/ebb/import";

    public static AppNeeds Of(IConfiguration configuration)
    {
        var options = BumpOptions.From(configuration, []);
        var needs = new AppNeeds
        {
            Egress = [EgressKind.Vault],
            Documents = [EnvironmentDocument.Prefix, HeldEnvironment.KeyPrefix],
            ServiceAccountToken = true,
            Secrets = [.. UnsealServices.Secrets(configuration), new SecretNeed { Secret = "ebb-import", Directory = Import, Keys = ["identity.txt"], Optional = true }],
            Settings = new Dictionary<string, string> { ["SecretBump:ImportIdentityFile"] = $"{Import}/identity.txt" },
            MaxReplicas = 4,
        };
        return WithRollout(WithRegistry(needs, options), options, RolloutNamespaces.From(configuration, options));
    }

    private static AppNeeds WithRegistry(AppNeeds needs, BumpOptions options) => options.RequireImage is null ? needs : needs with
    {
        Secrets = [.. needs.Secrets, new SecretNeed { Secret = "ebb-registries", Directory = Registries, Keys = ["config.json"] }],
        Egress = [.. needs.Egress, EgressKind.Registry],
        Environment = new Dictionary<string, string> { ["DOCKER_CONFIG"] = Registries },
    };

    private static AppNeeds WithRollout(AppNeeds needs, BumpOptions options, RolloutNamespaces namespaces) => !options.RollsOut ? needs : needs with
    {
        Egress = [.. needs.Egress, EgressKind.KubernetesApi],
        Rights = [.. namespaces.Names.SelectMany(RolloutRights.In), RolloutRights.OnMakers],
        Problems = namespaces.Problems,
    };
}
