using System.Collections.Concurrent;
using Azure.Core;
using Ebb.Contracts.PullRequests;
using Ebb.GitHosts.Configuration;
using Ebb.GitHosts.Hosts;
using Ebb.GitHosts.Login;
using Ebb.GitHosts.Transport;

namespace Ebb.GitHosts;

/// <summary>The clients of the configured hosts, each made when it is first asked for. Opens nothing until then. Safe for concurrent use.</summary>
public sealed class GitHostClients : IDisposable
{
    private readonly Dictionary<string, GitHostOptions> _options;
    private readonly ConcurrentDictionary<string, Lazy<(IGitHost Host, HostTransport Transport)>> _clients = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly Func<GitHostOptions, TokenCredential>? _credentials;

    /// <summary>Creates the clients.</summary>
    /// <param name="hosts">From <see cref="GitHostsOptions.From"/>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="credentials">Makes the Entra ID credential of a host; null: as its options say.</param>
    public GitHostClients(IEnumerable<GitHostOptions> hosts, TimeProvider time, Func<GitHostOptions, TokenCredential>? credentials = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        _options = hosts.ToDictionary(host => host.Name, StringComparer.Ordinal);
        (_time, _credentials) = (time, credentials);
    }

    /// <summary>
    /// The client of a host; null where <c>Git:Hosts</c> has no section of that name, so that there is only the webhook's word, and where
    /// that section is of another product.
    /// </summary>
    public IGitHost? Find(string name, GitHostKind kind) =>
        _options.TryGetValue(name, out var options) && options.Kind == kind
            ? _clients.GetOrAdd(name, static (_, of) => new(() => of.Self.Create(of.Options)), (Self: this, Options: options)).Value.Host
            : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients.Values.Where(client => client.IsValueCreated))
        {
            client.Value.Transport.Dispose();
        }
    }

    private (IGitHost Host, HostTransport Transport) Create(GitHostOptions options)
    {
        HostTransport transport;
        return options.Kind switch
        {
            GitHostKind.GitHub => (new GitHubHost(options, transport = Transport(GitHubHost.ApiPath)), transport),
            GitHostKind.GitLab => (new GitLabHost(options, transport = Transport(GitLabHost.ApiPath)), transport),
            GitHostKind.Gitea or GitHostKind.Forgejo => (new GiteaHost(options, transport = Transport(GiteaHost.ApiPath)), transport),
            GitHostKind.BitbucketCloud => (new BitbucketCloudHost(options, transport = Transport(BitbucketCloudHost.ApiPath)), transport),
            GitHostKind.BitbucketServer => (new BitbucketServerHost(options, transport = Transport(BitbucketServerHost.ApiPath)), transport),
            GitHostKind.AzureDevOps => (new AzureDevOpsHost(options, transport = Transport(AzureDevOpsHost.ApiPath)), transport),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Kind, "There is no such product."),
        };

        HostTransport Transport(string apiPath) => new(options, apiPath, Login(options), _time);
    }

    private IGitHostLogin Login(GitHostOptions options)
    {
        if (options.Entra is not { } entra)
        {
            return new TokenLogin(options);
        }

        if (_credentials is null)
        {
            return new EntraLogin(new EntraCredentials(entra, options.Name).Current, options.Name);
        }

        var credential = _credentials(options);
        return new EntraLogin(() => credential, options.Name);
    }
}
