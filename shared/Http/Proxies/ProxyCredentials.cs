using System.Net;

namespace Ebb.Http.Proxies;

/// <summary>Gives each proxy its own user and password, and nobody else.</summary>
internal sealed class ProxyCredentials(IReadOnlyList<ProxyAddress> proxies) : ICredentials
{
    public NetworkCredential? GetCredential(Uri uri, string authType) => proxies.FirstOrDefault(proxy => proxy.IsAt(uri))?.Credential;
}
