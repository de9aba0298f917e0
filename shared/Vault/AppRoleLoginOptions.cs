using Ebb.Settings;

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

    internal static AppRoleLoginOptions? From(SettingsReader read)
    {
        var options = new AppRoleLoginOptions
        {
            RoleIdFile = read.Text("RoleIdFile", "", "the path of a file with the role id"),
            SecretIdFile = read.Text("SecretIdFile", "", "the path of a file with the secret id"),
            Mount = read.Text("Mount", "approle", "the method's mount"),
        };
        return read.Exists ? options : null;
    }
}
