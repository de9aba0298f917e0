using Ebb.Contracts.PullRequests;
using Ebb.GitHosts;

namespace Ebb.PrPreview.Truth;

/// <summary>The client of a host; null where there are no credentials for it, so that only the webhook's word is there.</summary>
/// <param name="server">The host's configured name.</param>
/// <param name="kind">Its product.</param>
public delegate IGitHost? GitHostFinder(string server, GitHostKind kind);
