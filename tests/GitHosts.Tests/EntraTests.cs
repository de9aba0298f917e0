using Azure.Core;
using Azure.Identity;
using Ebb.Contracts.PullRequests;
using Ebb.GitHosts.Configuration;
using Ebb.TestServers.Git;

namespace Ebb.GitHosts.Tests;

/// <summary>Azure DevOps with a token of Entra ID.</summary>
public sealed class EntraTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_WithAnAccessToken_IsBearerForAzureDevOps()
    {
        await using var host = await HostUnderTest.StartAsync("azure-devops");
        ((AzureDevOpsServer)host.Server).AccessToken = "eyJ.access.token";
        var credential = new Fixed("eyJ.access.token");
        using var clients = Clients(host, credential);

        (await clients.Find("mine", GitHostKind.AzureDevOps)!.GetPullRequestAsync(host.Repository, 7, Token)).Number.ShouldBe(7);
        credential.Scopes.ShouldAllBe(scope => scope == "499b84ac-1321-427f-aa17-267ca6975798/.default");
    }

    [Fact]
    public async Task Get_EntraRefuses_IsALoginThatFailedAndHoldsNoSecret()
    {
        await using var host = await HostUnderTest.StartAsync("azure-devops");
        using var clients = Clients(host, new Fixed(null));

        var exception = await Should.ThrowAsync<GitHostException>(() => clients.Find("mine", GitHostKind.AzureDevOps)!.GetPullRequestAsync(host.Repository, 7, Token));
        exception.Fault.ShouldBe(GitHostFault.LoginFailed);
        exception.Message.ShouldContain("AADSTS7000215");
        exception.Message.ShouldNotContain("hunter2hunter2");
        host.Server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public void Credentials_SecretChanged_AreMadeAnew()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "one");
        var credentials = new Login.EntraCredentials(new EntraOptions { TenantId = "t", ClientId = "c", SecretFile = file }, "mine");

        var first = credentials.Current();
        credentials.Current().ShouldBeSameAs(first);
        File.WriteAllText(file, "two");
        credentials.Current().ShouldNotBeSameAs(first);
        File.Delete(file);
    }

    [Fact]
    public void Credentials_OfEachKind_AreThoseOfAzureIdentity()
    {
        new Login.EntraCredentials(new EntraOptions { TenantId = "t", ClientId = "c", FederatedTokenFile = "/f" }, "mine").Current().ShouldBeOfType<WorkloadIdentityCredential>();
        new Login.EntraCredentials(new EntraOptions { ClientId = "c" }, "mine").Current().ShouldBeOfType<ManagedIdentityCredential>();
        new Login.EntraCredentials(new EntraOptions(), "mine").Current().ShouldBeOfType<ManagedIdentityCredential>();
    }

    private static GitHostClients Clients(HostUnderTest host, TokenCredential credential) =>
        new([host.Options with { TokenFile = null, Entra = new EntraOptions { ClientId = "c" } }], TimeProvider.System, _ => credential);

    private sealed class Fixed(string? token) : TokenCredential
    {
        public List<string> Scopes { get; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes.AddRange(requestContext.Scopes);
            return token is null
                ? throw new AuthenticationFailedException("AADSTS7000215: Invalid client secret provided. client_secret=hunter2hunter2")
                : new AccessToken(token, DateTimeOffset.MaxValue);
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
