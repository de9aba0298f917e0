using System.Globalization;
using System.Net;

namespace Ebb.Http.Proxies;

/// <summary>One entry of NO_PROXY: a range of addresses, or a domain; for one port, or for all.</summary>
internal sealed record DirectHost(AddressRange? Range, string Domain, bool BelowOnly, int? Port)
{
    private static readonly IdnMapping Idn = new();

    /// <returns>Null for what is no entry.</returns>
    public static DirectHost? Parse(string text)
    {
        if (AddressRange.TryParse(text) is { } range)
        {
            return new DirectHost(range, "", BelowOnly: false, Port: null);
        }

        var (host, port) = Split(text);
        host = host.TrimStart('[').TrimEnd(']');
        return AddressRange.ParseAddress(host) is { } address
            ? new DirectHost(AddressRange.Single(address), "", BelowOnly: false, port)
            : ParseDomain(host.StartsWith("*.", StringComparison.Ordinal) ? host[1..] : host, port);
    }

    public bool Matches(string host, IPAddress? address, int port)
    {
        if (Port is { } only && only != port)
        {
            return false;
        }

        return Range is { } range
            ? address is not null && range.Contains(address)
            : host.EndsWith($".{Domain}", StringComparison.Ordinal) || (!BelowOnly && host == Domain);
    }

    private static DirectHost? ParseDomain(string text, int? port)
    {
        var domain = text.Trim('.').ToLowerInvariant();
        try
        {
            return domain.Length == 0 ? null : new DirectHost(null, Idn.GetAscii(domain), text.StartsWith('.'), port);
        }
        catch (ArgumentException)
        {
            // No name that a host could have.
            return null;
        }
    }

    // A bare IPv6 address has colons and no port.
    private static (string Host, int? Port) Split(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon >= 0 && (text.IndexOf(':', StringComparison.Ordinal) == colon || text[colon - 1] == ']')
            && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
                ? (text[..colon], port)
                : (text, null);
    }
}
