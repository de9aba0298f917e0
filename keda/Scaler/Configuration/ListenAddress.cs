using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ebb.Scaler.Configuration;

/// <summary>Where to listen: <c>*</c> for every address, <c>localhost</c>, or an IP address; port 0 takes a free one.</summary>
internal sealed record ListenAddress(string Host, int Port)
{
    private const string Every = "*";
    private const string Local = "localhost";
    private const string Scheme = "http://";

    public static bool TryParse(string text, [NotNullWhen(true)] out ListenAddress? address)
    {
        address = null;
        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var rest = text[Scheme.Length..].TrimEnd('/');
        var colon = rest.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(rest.AsSpan(colon + 1), out var port))
        {
            return false;
        }

        var host = rest[..colon];
        host = host is "+" or "0.0.0.0" or "[::]" ? Every : host;
        if (host is not Every and not Local && !IPAddress.TryParse(host.Trim('[', ']'), out _))
        {
            return false;
        }

        address = new(host, port);
        return true;
    }

    public void ListenOn(KestrelServerOptions kestrel, Action<ListenOptions> configure)
    {
        switch (Host)
        {
            case Every:
                kestrel.ListenAnyIP(Port, configure);
                break;
            case Local when Port != 0:
                kestrel.ListenLocalhost(Port, configure);
                break;
            case Local:
                kestrel.Listen(IPAddress.Loopback, Port, configure);
                break;
            default:
                kestrel.Listen(IPAddress.Parse(Host.Trim('[', ']')), Port, configure);
                break;
        }
    }

    public override string ToString() => $"{Scheme}{Host}:{Port}";
}
