using Ebb.Contracts.PullRequests;
using Ebb.GitHosts.Configuration;
using Ebb.Settings;

namespace Ebb.GitHosts.Login;

/// <summary>
/// A token in a file, in the header its product takes: GitLab <c>PRIVATE-TOKEN</c>, Gitea and Forgejo <c>Authorization: token</c>,
/// Azure DevOps Basic without a user, the others Bearer.
/// </summary>
internal sealed class TokenLogin(GitHostOptions options) : IGitHostLogin
{
    public ValueTask AuthorizeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var token = SecretFile.ReadLine(options.TokenFile!, $"Git:Hosts:{options.Name}:TokenFile", GitHostException.OfLogin);
        var (header, value) = options.Kind switch
        {
            GitHostKind.GitLab => ("PRIVATE-TOKEN", token),
            GitHostKind.Gitea or GitHostKind.Forgejo => ("Authorization", $"token {token}"),
            GitHostKind.AzureDevOps => ("Authorization", $"Basic {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($":{token}"))}"),
            _ => ("Authorization", $"Bearer {token}"),
        };
        request.Headers.TryAddWithoutValidation(header, value);
        return ValueTask.CompletedTask;
    }
}
