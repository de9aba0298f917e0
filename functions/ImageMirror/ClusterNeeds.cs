using Ebb.ImageMirror.Adhoc;
using Ebb.Signing;
using Ebb.Worker;
using Microsoft.Extensions.Configuration;

namespace Ebb.ImageMirror;

/// <summary>What the mirror needs in a cluster: registries and their credentials, its list, and keys in files or in Vault.</summary>
internal static class ClusterNeeds
{
    private const string Registries = "/run/secrets/ebb/registries";
    private const string Signing = "/run/secrets/ebb/signing";
    private const string AdhocKey = "/run/secrets/ebb/adhoc-signing";

    public static AppNeeds Of(IConfiguration configuration)
    {
        var (key, adhoc) = (SigningOptions.From(configuration), AdhocSigning.From(configuration));
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
        needs = IsInVault(key) || IsInVault(adhoc) ? needs with { Egress = [EgressKind.Registry, EgressKind.Vault], ServiceAccountToken = true } : needs;
        needs = IsInVault(key) ? needs : WithKeyFile(needs, "ebb-signing", Signing, "Signing:Key", "Signing:PasswordFile");
        return adhoc.Key is null || IsInVault(adhoc) ? needs : WithKeyFile(needs, "ebb-adhoc-signing", AdhocKey, AdhocSigning.Key, AdhocSigning.PasswordFile);
    }

    public static bool IsInVault(SigningOptions options) => options.Key?.StartsWith("hashivault://", StringComparison.Ordinal) is true;

    private static AppNeeds WithKeyFile(AppNeeds needs, string secret, string directory, string keySetting, string passwordSetting) => needs with
    {
        Secrets = [.. needs.Secrets, new SecretNeed { Secret = secret, Directory = directory, Keys = ["cosign.key", "password"] }],
        Settings = new Dictionary<string, string>(needs.Settings)
        {
            [keySetting] = $"{directory}/cosign.key",
            [passwordSetting] = $"{directory}/password",
        },
    };
}
