using System.Globalization;
using System.Net;

namespace Ebb.Http.Proxies;

/// <summary>IP addresses that begin alike (RFC 4632 and RFC 4291, section 2.3). Bits behind the prefix are passed over, which <see cref="IPNetwork"/> refuses.</summary>
internal sealed class AddressRange
{
    private readonly byte[] _bytes;
    private readonly int _bits;

    private AddressRange(IPAddress address, int bits) => (_bytes, _bits) = (address.GetAddressBytes(), bits);

    public static AddressRange Single(IPAddress address) => new(address, 8 * address.GetAddressBytes().Length);

    /// <summary>Reads <c>10.0.0.0/8</c> or <c>fd00::/8</c>; null for anything else.</summary>
    public static AddressRange? TryParse(string text)
    {
        var parts = text.Split('/');
        return parts.Length == 2 && ParseAddress(parts[0]) is { } address
            && byte.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var bits) && bits <= 8 * address.GetAddressBytes().Length
                ? new AddressRange(address, bits)
                : null;
    }

    /// <summary>An address written out; an IPv4 address in IPv6's form is the IPv4 address. Null for names, short forms and addresses with a zone.</summary>
    public static IPAddress? ParseAddress(string text) =>
        (text.Contains(':', StringComparison.Ordinal) || text.Count(c => c == '.') == 3)
        && !text.Contains('%', StringComparison.Ordinal) && IPAddress.TryParse(text, out var address)
            ? address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address
            : null;

    public bool Contains(IPAddress address)
    {
        var other = address.GetAddressBytes();
        var whole = _bits / 8;
        var mask = (byte)(0xFF00 >> (_bits % 8));
        return other.Length == _bytes.Length && other.AsSpan(0, whole).SequenceEqual(_bytes.AsSpan(0, whole))
            && (_bits % 8 == 0 || (other[whole] & mask) == (_bytes[whole] & mask));
    }
}
