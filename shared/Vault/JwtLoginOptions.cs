using Microsoft.Extensions.Configuration;

namespace Ebb.Vault;

/// <summary>Login with a token that another issuer signed, such as a pipeline's (Vault's JWT/OIDC auth method).</summary>
public sealed record JwtLoginOptions
{
    /// <summary>The role (<c>Vault:Jwt:Role</c>).</summary>
    public required string Role { get; init; }

    /// <summary>A file with the token (<c>Vault:Jwt:JwtFile</c>); read at each login, for it rotates.</summary>
    public required string JwtFile { get; init; }

    /// <summary>Where the method is mounted (<c>Vault:Jwt:Mount</c>). Default <c>jwt</c>.</summary>
    public string Mount { get; init; } = "jwt";

    internal static JwtLoginOptions? From(IConfigurationSection section) => section.Exists()
        ? new JwtLoginOptions
        {
            Role = VaultOptions.Text(section["Role"]) ?? "",
            JwtFile = VaultOptions.Text(section["JwtFile"]) ?? "",
            Mount = VaultOptions.Text(section["Mount"]) ?? "jwt",
        }
        : null;
}
