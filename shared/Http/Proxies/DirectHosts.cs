using System.Net;

namespace Ebb.Http.Proxies;

/// <summary>
/// The hosts that are reached directly: this machine itself, and what NO_PROXY lists, parted by commas or white space. <c>example.com</c> is the host and
/// all below it, <c>.example.com</c> and <c>*.example.com</c> only what is below; an address; a range as <c>10.0.0.0/8</c>; each but a range
/// with a port where only that is meant; <c>*</c> is everything. What is none of these is passed over, as Go does. Names are not resolved:
/// a range does not cover a name that leads into it.
/// </summary>
internal sealed class DirectHosts
{
    private static readonly char[] Separators = [',', ' ', '\t', '\r', '\n'];
    private readonly IReadOnlyList<DirectHost> _hosts;
    private readonly bool _all;

    private DirectHosts(IReadOnlyList<DirectHost> hosts, bool all) => (_hosts, _all) = (hosts, all);

    public static DirectHosts Parse(string text)
    {
        var entries = text.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        return new DirectHosts([.. entries.Select(DirectHost.Parse).OfType<DirectHost>()], entries.Contains("*"));
    }

    public bool Contains(Uri destination)
    {
        var host = destination.IdnHost.TrimEnd('.').ToLowerInvariant();
        var address = AddressRange.ParseAddress(host);
        return _all || host == "localhost" || (address is not null && IPAddress.IsLoopback(address))
            || _hosts.Any(entry => entry.Matches(host, address, destination.Port));
    }
}
