using Ebb.Signing;
using Ebb.Worker;
using Microsoft.Extensions.Configuration;

namespace Ebb.ImageMirror;

/// <summary>What the mirror needs in a cluster: registries and their credentials, its list, and a key in a file or in Vault.</summary>
internal static class ClusterNeeds
{
    private const string Registries = "/run/secrets/ebb/registries";
    private const string Signing = "/run/secrets/ebb/signing";

    public static AppNeeds Of(IConfiguration configuration)
    {
        var needs = new AppNeeds
        {
            Secrets = [new SecretNeed { Secret = "ebb-registries", Directory = Registries, Keys = ["config.json"] }],
            Files = [new FileNeed("ebb-images", "/etc/ebb/images")],
            Egress = [EgressKind.Registry],
            Documents = ["image-mirror/"],
            Settings = new Dictionary<string, string> { ["ImageMirror:ImagesFile"] = "/etc/ebb/images/images.yaml" },
            Environment = new Dictionary<string, string> { ["DOCKER_CONFIG"] = Registries },
            // Requests that write run one at a time whatever there are; a second replica serves dry runs.
            MaxReplicas = 2,
        };
        return SigningOptions.From(configuration).Key?.StartsWith("hashivault://", StringComparison.Ordinal) is true
            ? needs with { Egress = [EgressKind.Registry, EgressKind.Vault], ServiceAccountToken = true }
            : WithKeyFile(needs);
    }

    private static AppNeeds WithKeyFile(AppNeeds needs) => needs with
    {
        Secrets = [.. needs.Secrets, new SecretNeed { Secret = "ebb-signing", Directory = Signing, Keys = ["cosign.key", "password"] }],
        Settings = new Dictionary<string, string>(needs.Settings)
        {
            ["Signing:Key"] = $"{Signing}/cosign.key",
            ["Signing:PasswordFile"] = $"{Signing}/password",
        },
    };
}
