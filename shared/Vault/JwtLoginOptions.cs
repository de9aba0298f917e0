using Ebb.Settings;

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

    internal static JwtLoginOptions? From(SettingsReader read)
    {
        var options = new JwtLoginOptions
        {
            Role = read.Text("Role", "", "the role that the token is bound to"),
            JwtFile = read.Text("JwtFile", "", "the path of a file with the token"),
            Mount = read.Text("Mount", "jwt", "the method's mount"),
        };
        return read.Exists ? options : null;
    }
}
