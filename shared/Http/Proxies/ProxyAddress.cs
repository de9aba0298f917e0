using System.Net;

namespace Ebb.Http.Proxies;

/// <summary>A proxy as a variable names it: a URL, or a host and port, which then is spoken to over plain HTTP.</summary>
internal sealed class ProxyAddress
{
    private readonly Uri? _uri;

    public ProxyAddress(string variable, string text)
    {
        Variable = variable;
        if (Parse(text) is { } uri)
        {
            _uri = new UriBuilder(uri.Scheme == "socks5h" ? "socks5" : uri.Scheme, uri.IdnHost, uri.Port).Uri;
            Credential = CredentialOf(uri.UserInfo);
        }
    }

    /// <summary>The variable that named it, for messages.</summary>
    public string Variable { get; }

    /// <summary>The user and password of the URL; null: it has none.</summary>
    public NetworkCredential? Credential { get; }

    /// <exception cref="ProxyException">The variable holds something else. It is not repeated, for it may hold a password.</exception>
    public Uri Uri => _uri ?? throw ProxyException.Unreadable(Variable);

    /// <summary>Host and port, for messages.</summary>
    public string Name => Uri.Authority;

    public bool IsAt(Uri uri) => _uri is not null && _uri.Host == uri.Host && _uri.Port == uri.Port;

    private static Uri? Parse(string text) =>
        Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}", UriKind.Absolute, out var uri)
        && uri.Host.Length > 0 && uri.Scheme is "http" or "https" or "socks4" or "socks4a" or "socks5" or "socks5h"
            ? uri.Port > 0 ? uri : new UriBuilder(uri) { Port = 1080 }.Uri
            : null;

    private static NetworkCredential? CredentialOf(string userInfo)
    {
        var parts = userInfo.Split(':', 2);
        return parts[0].Length == 0 ? null : new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "");
    }
}
