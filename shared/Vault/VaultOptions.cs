using Ebb.Http;
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

    /// <summary>Reads the options. Check them with <see cref="VaultOptionsValidator"/>.</summary>
    public static VaultOptions From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration.GetSection("Vault");
        var kubernetes = KubernetesLoginOptions.From(section.GetSection("Kubernetes"));
        var appRole = AppRoleLoginOptions.From(section.GetSection("AppRole"));
        var jwt = JwtLoginOptions.From(section.GetSection("Jwt"));
        var chosen = kubernetes is not null || jwt is not null || appRole is not null || Text(section["TokenFile"]) is not null;
        return new VaultOptions
        {
            Address = Text(section["Address"]) ?? Text(configuration["VAULT_ADDR"]) ?? "",
            Namespace = Text(section["Namespace"]) ?? Text(configuration["VAULT_NAMESPACE"]),
            CaFile = Text(section["CaFile"]) ?? Text(configuration["VAULT_CACERT"]),
            PlainHttp = bool.TryParse(section["PlainHttp"], out var plain) && plain,
            // A VAULT_TOKEN left in the environment does not outvote a login that is configured.
            Token = Text(section["Token"]) ?? (chosen ? null : Text(configuration["VAULT_TOKEN"])),
            TokenFile = Text(section["TokenFile"]),
            Kubernetes = kubernetes,
            Jwt = jwt,
            AppRole = appRole,
            TransitMount = Text(section["TransitMount"]) ?? Text(configuration["TRANSIT_SECRET_ENGINE_PATH"]) ?? "transit",
        };
    }

    /// <summary>Names the server and no secret.</summary>
    public override string ToString() => $"Vault at {Address}";

    internal static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
