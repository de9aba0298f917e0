using Azure.Core;
using Azure.Identity;

namespace Ebb.GitHosts.Login;

/// <summary>An access token of Microsoft Entra ID for Azure DevOps, as Bearer. Azure.Identity keeps it until shortly before its end.</summary>
internal sealed class EntraLogin(Func<TokenCredential> credential, string name) : IGitHostLogin
{
    // Azure DevOps' own application in every tenant (Microsoft Learn, Azure DevOps, Use service principals and managed identities).
    private static readonly TokenRequestContext Scope = new(["499b84ac-1321-427f-aa17-267ca6975798/.default"]);

    public async ValueTask AuthorizeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var token = await credential().GetTokenAsync(Scope, cancellationToken);
            request.Headers.Authorization = new("Bearer", token.Token);
        }
        catch (AuthenticationFailedException exception)
        {
            throw new GitHostException(
                $"Entra ID gave no token for Git:Hosts:{name}: {Http.Redaction.Text(exception.Message)} Check Git:Hosts:{name}:Entra and the application's rights.",
                GitHostFault.LoginFailed, exception);
        }
    }
}
