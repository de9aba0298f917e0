using Microsoft.Extensions.Configuration;

namespace Ebb.Vault;

/// <summary>Login with Vault's AppRole method. The files are read at each login, so that a secret id can be replaced.</summary>
public sealed record AppRoleLoginOptions
{
    /// <summary>A file with the role id (<c>Vault:AppRole:RoleIdFile</c>).</summary>
    public required string RoleIdFile { get; init; }

    /// <summary>A file with the secret id (<c>Vault:AppRole:SecretIdFile</c>).</summary>
    public required string SecretIdFile { get; init; }

    /// <summary>Where the method is mounted (<c>Vault:AppRole:Mount</c>). Default <c>approle</c>.</summary>
    public string Mount { get; init; } = "approle";

    internal static AppRoleLoginOptions? From(IConfigurationSection section) => section.Exists()
        ? new AppRoleLoginOptions
        {
            RoleIdFile = VaultOptions.Text(section["RoleIdFile"]) ?? "",
            SecretIdFile = VaultOptions.Text(section["SecretIdFile"]) ?? "",
            Mount = VaultOptions.Text(section["Mount"]) ?? "approle",
        }
        : null;
}
