namespace Ebb.GitHosts.Login;

/// <summary>Puts the credential on a request.</summary>
internal interface IGitHostLogin
{
    /// <exception cref="GitHostException">There is no credential.</exception>
    ValueTask AuthorizeAsync(HttpRequestMessage request, CancellationToken cancellationToken);
}
