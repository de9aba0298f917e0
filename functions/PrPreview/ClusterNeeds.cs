using Ebb.Contracts.Previews;
using Ebb.PrPreview.Rights;
using Ebb.PrPreview.Settings;
using Ebb.PrPreview.State;
using Ebb.Worker;
using Microsoft.Extensions.Configuration;

namespace Ebb.PrPreview;

/// <summary>What previews need in a cluster: a registry, Git hosts, and rights that their rules confine to previews.</summary>
internal static class ClusterNeeds
{
    private const string Registries = "/run/secrets/ebb/registries";
    private const string GitHosts = "/run/secrets/ebb/git-hosts";
    private const string Robots = "/run/secrets/ebb/harbor-robots";
    private const string RobotPassword = "PrPreview:HarborRobot:PasswordFile";

    public static AppNeeds Of(IConfiguration configuration)
    {
        // Where the password is, the manifests say themselves.
        var inCluster = new ConfigurationBuilder().AddConfiguration(configuration)
            .AddInMemoryCollection([KeyValuePair.Create<string, string?>(RobotPassword, $"{Robots}/password")]).Build();
        var problems = new List<string>();
        return PreviewOptions.From(inCluster, problems) is { } options ? WithRobots(Bare(options), options) : new AppNeeds { Problems = problems };
    }

    private static AppNeeds Bare(PreviewOptions options) => new()
    {
        Secrets =
        [
            new SecretNeed { Secret = "ebb-registries", Directory = Registries, Keys = ["config.json"] },
            new SecretNeed { Secret = "ebb-git-hosts", Directory = GitHosts, Optional = true },
        ],
        Egress = [EgressKind.Registry, EgressKind.GitHost, EgressKind.KubernetesApi],
        Documents = [Preview.KeyPrefix, PreviewKeys.Prefix, "preview-places", "preview-pull-requests/"],
        Rights = [.. PreviewRights.For(options)],
        Environment = new Dictionary<string, string> { ["DOCKER_CONFIG"] = Registries },
        MaxReplicas = 5,
    };

    // The account that makes robots is none that pulls: a secret of its own.
    private static AppNeeds WithRobots(AppNeeds needs, PreviewOptions options) => options.Environment.Robot is null ? needs : needs with
    {
        Secrets = [.. needs.Secrets, new SecretNeed { Secret = "ebb-harbor-robots", Directory = Robots, Keys = ["password"] }],
        Settings = new Dictionary<string, string> { [RobotPassword] = $"{Robots}/password" },
    };
}
