using Ebb.Http;
using Ebb.Settings;
using Microsoft.Extensions.Configuration;

namespace Ebb.Vault;

/// <summary>How Vault or OpenBao is reached: the section <c>Vault</c>; the variables of Vault's own tools hold where it is silent.</summary>
public sealed record VaultOptions
{
    /// <summary>The address, such as <c>https://vault.example.com:8200</c> (<c>Vault:Address</c>, <c>VAULT_ADDR</c>).</summary>
    public required string Address { get; init; }

    /// <summary>The namespace; null: the root (<c>Vault:Namespace</c>, <c>VAULT_NAMESPACE</c>).</summary>
    public string? Namespace { get; init; }

    /// <summary>A PEM file with the CA of the server's certificate (<c>Vault:CaFile</c>, <c>VAULT_CACERT</c>); null: those of the system.</summary>
    public string? CaFile { get; init; }

    /// <summary>Allows plain HTTP to a host that is not this machine (<c>Vault:PlainHttp</c>). Default false.</summary>
    public bool PlainHttp { get; init; }

    /// <summary>A token (<c>Vault:Token</c>, <c>VAULT_TOKEN</c>); prefer <see cref="TokenFile"/>.</summary>
    public string? Token { get; init; }

    /// <summary>A file with a token, such as an agent keeps (<c>Vault:TokenFile</c>); read again ahead of the token's expiry and when the token is refused.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Login by service account (<c>Vault:Kubernetes</c>).</summary>
    public KubernetesLoginOptions? Kubernetes { get; init; }

    /// <summary>Login by a token of another issuer (<c>Vault:Jwt</c>).</summary>
    public JwtLoginOptions? Jwt { get; init; }

    /// <summary>Login by AppRole (<c>Vault:AppRole</c>).</summary>
    public AppRoleLoginOptions? AppRole { get; init; }

    /// <summary>Where the transit engine is mounted (<c>Vault:TransitMount</c>, <c>TRANSIT_SECRET_ENGINE_PATH</c>). Default <c>transit</c>.</summary>
    public string TransitMount { get; init; } = "transit";

    /// <summary>Retries and time-outs.</summary>
    public ResilienceOptions Resilience { get; init; } = new() { AttemptTimeout = TimeSpan.FromSeconds(15) };

    /// <summary>Reads the options. Check them with <see cref="VaultOptionsValidator"/>; what could not be read at all is added to the problems.</summary>
    public static VaultOptions From(IConfiguration configuration, ICollection<string>? problems = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var read = new SettingsReader(configuration, problems ?? [], "Vault");
        var kubernetes = KubernetesLoginOptions.From(read.Section("Kubernetes"));
        var appRole = AppRoleLoginOptions.From(read.Section("AppRole"));
        var jwt = JwtLoginOptions.From(read.Section("Jwt"));
        var tokenFile = read.Text("TokenFile", "the path of a file with a token");
        // A VAULT_TOKEN left in the environment does not outvote a login that is configured.
        var isChosen = kubernetes is not null || jwt is not null || appRole is not null || tokenFile is not null;
        return new VaultOptions
        {
            Address = read.Text(new("Address", "VAULT_ADDR"), "", "the server's URL, such as https://vault.example.com:8200"),
            Namespace = read.Text(new("Namespace", "VAULT_NAMESPACE"), "a namespace"),
            CaFile = read.Text(new("CaFile", "VAULT_CACERT"), "the path of a PEM file with the CA of the server's certificate"),
            PlainHttp = read.Flag("PlainHttp"),
            Token = read.Secret(isChosen ? new("Token") : new SettingKey("Token", "VAULT_TOKEN"), "a token; TokenFile is better")?.Trim(),
            TokenFile = tokenFile,
            Kubernetes = kubernetes,
            Jwt = jwt,
            AppRole = appRole,
            TransitMount = read.Text(new("TransitMount", "TRANSIT_SECRET_ENGINE_PATH"), "transit", "the transit engine's mount"),
        };
    }

    /// <summary>Names the server and no secret.</summary>
    public override string ToString() => $"Vault at {Address}";
}
