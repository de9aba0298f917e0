using System.Net;

namespace Ebb.Http.Proxies;

/// <summary>
/// Which requests go through which proxy, as the environment says: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY for both, and NO_PROXY, read as Go's
/// <c>golang.org/x/net/http/httpproxy</c> reads them, so that a pod's variables mean to Ebb what they mean to the tools beside it. .NET's own
/// reading knows no ranges of addresses. The upper case name comes first, as with Go. HTTP_PROXY counts although a CGI program could be
/// handed it by a caller: no process of Ebb is one.
/// </summary>
public sealed class ProxyRule : IWebProxy
{
    private static readonly Lazy<ProxyRule> OfThisProcess = new(() => Read(System.Environment.GetEnvironmentVariable));
    private readonly ProxyAddress? _http;
    private readonly ProxyAddress? _https;
    private readonly DirectHosts _direct;

    private ProxyRule(ProxyAddress? http, ProxyAddress? https, DirectHosts direct)
    {
        (_http, _https, _direct) = (http, https, direct);
        Credentials = new ProxyCredentials([.. new[] { http, https }.OfType<ProxyAddress>()]);
    }

    /// <summary>The rule of this process's environment, read once.</summary>
    public static ProxyRule Environment => OfThisProcess.Value;

    /// <summary>The users and passwords of the proxies' addresses. .NET sends one only to a proxy that asks for it (407).</summary>
    public ICredentials? Credentials { get; set; }

    /// <summary>Reads the variables.</summary>
    /// <param name="variable">Gives a variable's value; null when it is not set.</param>
    public static ProxyRule Read(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return new ProxyRule(
            Address("HTTP_PROXY", variable) ?? Address("ALL_PROXY", variable),
            Address("HTTPS_PROXY", variable) ?? Address("ALL_PROXY", variable),
            DirectHosts.Parse(Value("NO_PROXY", variable) ?? ""));
    }

    /// <summary>The proxy for a request, without user and password; null: it goes directly, as it always does to this machine itself.</summary>
    /// <exception cref="ProxyException">The variable that names the proxy is no proxy's URL.</exception>
    public Uri? GetProxy(Uri destination) => Find(destination)?.Uri;

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => Find(host) is null;

    internal ProxyAddress? Find(Uri destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var proxy = destination.Scheme switch { "https" or "wss" => _https, "http" or "ws" => _http, _ => null };
        return proxy is null || _direct.Contains(destination) ? null : proxy;
    }

    private static ProxyAddress? Address(string name, Func<string, string?> variable) =>
        Value(name, variable) is { } text ? new ProxyAddress(name, text) : null;

    private static string? Value(string name, Func<string, string?> variable) =>
        Array.Find([variable(name), variable(name.ToLowerInvariant())], value => !string.IsNullOrWhiteSpace(value))?.Trim();
}
