namespace Ebb.GitHosts.Configuration;

/// <summary>
/// A login at Microsoft Entra ID for Azure DevOps: with a client secret, with a federated token (workload identity), or with neither as
/// the managed identity of the machine.
/// </summary>
public sealed record EntraOptions
{
    /// <summary>The tenant (<c>Entra:TenantId</c>); not for a managed identity.</summary>
    public string? TenantId { get; init; }

    /// <summary>The application's or the identity's client id (<c>Entra:ClientId</c>).</summary>
    public string? ClientId { get; init; }

    /// <summary>A file with the client secret (<c>Entra:SecretFile</c>); read again when it changes.</summary>
    public string? SecretFile { get; init; }

    /// <summary>A file with a federated token (<c>Entra:FederatedTokenFile</c>), such as AKS and its webhook mount.</summary>
    public string? FederatedTokenFile { get; init; }

    /// <summary>The login server (<c>Entra:Authority</c>). Default <c>https://login.microsoftonline.com/</c>.</summary>
    public Uri Authority { get; init; } = new("https://login.microsoftonline.com/");
}
