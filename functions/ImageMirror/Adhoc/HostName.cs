namespace Ebb.ImageMirror.Adhoc;

/// <summary>Which hosts images outside the list may come from: those with a name that others have too.</summary>
internal static class HostName
{
    /// <summary>Why a host, with its port if any, is refused; null when it is not.</summary>
    public static string? FindProblem(string host)
    {
        if (!Uri.TryCreate($"https://{host}/", UriKind.Absolute, out var uri))
        {
            return $"'{host}' is no host name";
        }

        // Read as the client will: 0x7f.1, 2130706433 and 127.1 are addresses as well.
        if (uri.HostNameType is not UriHostNameType.Dns || EndsInNumber(uri.IdnHost))
        {
            return $"'{host}' is an address; name the registry by its host name";
        }

        return uri.IsLoopback || uri.IdnHost.Split('.') is ["localhost" or "ip6-localhost" or "ip6-loopback", ..] or [.., "localhost"]
            ? $"'{host}' is this machine itself; name a registry that others reach too"
            : null;
    }

    // No name of a host ends in a number (WHATWG URL, 3.5 "ends in a number"): resolvers read such a name as an address.
    private static bool EndsInNumber(string host) =>
        host.Split('.')[^1] is var last && (last.All(char.IsAsciiDigit) || (last.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && last[2..].All(char.IsAsciiHexDigit)));
}
