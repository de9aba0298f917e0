using System.Net;

namespace Ebb.Http.Proxies;

/// <summary>
/// A request failed at the proxy that it was to go through, not at its server. The message is <see cref="Cause"/> and <see cref="Remedy"/>;
/// it names the proxy and holds no user, password or token.
/// </summary>
public sealed class ProxyException : HttpRequestException
{
    private ProxyException(HttpRequestError error, string cause, string remedy, Exception? inner = null, HttpStatusCode? status = null)
        : base(error, $"{cause}. {remedy}", inner, status) => (Cause, Remedy) = (cause, remedy);

    /// <summary>What the proxy did, without a full stop.</summary>
    public string Cause { get; }

    /// <summary>What to do, as sentences.</summary>
    public string Remedy { get; }

    /// <summary>The proxy's failure that another one came of; null: no proxy has part in it.</summary>
    public static ProxyException? In(Exception? exception)
    {
        while (exception is not (null or ProxyException))
        {
            exception = exception.InnerException;
        }

        return (ProxyException?)exception;
    }

    internal static ProxyException Unreadable(string variable) => new(
        HttpRequestError.ProxyTunnelError,
        $"{variable} is no proxy's URL such as http://proxy.example.com:3128 (http, https, socks4, socks4a or socks5)",
        "Correct it, or unset it.");

    internal static ProxyException Unreachable(ProxyAddress proxy, Uri destination, HttpRequestException inner) => new(
        inner.HttpRequestError,
        $"the proxy {proxy.Name} ({proxy.Variable}), which leads to {destination.Authority}, cannot be reached: {Redaction.Text(inner.Message).TrimEnd('.')}",
        $"Correct {proxy.Variable}, or {Direct(destination)}",
        inner);

    internal static ProxyException Refused(ProxyAddress proxy, Uri destination, HttpStatusCode? status, Exception? inner = null) =>
        status == HttpStatusCode.ProxyAuthenticationRequired
            ? new ProxyException(
                HttpRequestError.ProxyTunnelError,
                $"the proxy {proxy.Name} ({proxy.Variable}) wants a login for {destination.Authority} (407)",
                $"Put the user and password it accepts into {proxy.Variable}, or {Direct(destination)}", inner, status)
            : new ProxyException(
                HttpRequestError.ProxyTunnelError,
                $"the proxy {proxy.Name} ({proxy.Variable}) does not lead to {destination.Authority}{(status is { } code ? $": it answered {(int)code}" : "")}",
                $"Allow it there, or {Direct(destination)}", inner, status);

    private static string Direct(Uri destination) => $"list {destination.IdnHost} in NO_PROXY where it is to be reached directly.";
}
