using Ebb.Settings;

namespace Ebb.Vault.Login;

/// <summary>Makes the login that the options name.</summary>
internal static class VaultLogins
{
    public static IVaultLogin Create(VaultOptions options, TimeProvider time) => options switch
    {
        { Kubernetes: { } kubernetes } => new JwtLogin("Kubernetes", kubernetes.Mount, kubernetes.Role, kubernetes.JwtFile, time),
        { Jwt: { } jwt } => new JwtLogin("Jwt", jwt.Mount, jwt.Role, jwt.JwtFile, time),
        { AppRole: { } appRole } => new AppRoleLogin(appRole, time),
        { TokenFile: { } file } => new TokenLogin($"the token in {file}", () => ReadFile(file, "Vault:TokenFile"), time),
        { Token: { } token } => new TokenLogin("the token of Vault:Token", () => token, time),
        _ => throw new ArgumentException("The options name no login; VaultOptionsValidator says what is missing.", nameof(options)),
    };

    /// <summary>What a login's file holds.</summary>
    /// <exception cref="VaultException">The file cannot be read or is empty.</exception>
    public static string ReadFile(string path, string setting) =>
        SecretFile.ReadLine(path, setting, (message, cause) => new VaultException(message, VaultFault.LoginFailed, cause));

    /// <summary>Posts a login and reads the token it gives.</summary>
    public static async Task<VaultToken> SendAsync(
        VaultTransport transport, VaultRequest request, IVaultLogin login, TimeProvider time, CancellationToken cancellationToken)
    {
        var asked = time.GetUtcNow();
        var answer = await transport.SendAsync(request, token: null, VaultJson.Default.LoginAnswer, cancellationToken);
        return answer.Auth is { ClientToken.Length: > 0 } auth
            ? new VaultToken(auth.ClientToken, asked, TimeSpan.FromSeconds(auth.LeaseDuration), auth.Renewable)
            : throw new VaultException($"{login.Description} was answered without a token.", VaultFault.Protocol);
    }
}
