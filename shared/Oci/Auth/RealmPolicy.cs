using System.Net;
using System.Net.Sockets;

namespace Ebb.Oci.Auth;

/// <summary>Decides which hosts a registry may send us to.</summary>
internal static class RealmPolicy
{
    /// <summary>Why a token server must not be given credentials; null when it may.</summary>
    public static string? FindProblem(Uri registry, Uri realm)
    {
        if (realm.Scheme is not ("http" or "https"))
        {
            return "it is no web address";
        }

        if (realm.UserInfo.Length > 0)
        {
            return "it holds user information";
        }

        if (registry.Scheme == "https" && realm.Scheme == "http")
        {
            return "it is plain http while the registry speaks https";
        }

        return SameHost(registry, realm) || (IsLoopback(registry) && IsLoopback(realm)) || !IsPrivate(realm)
            ? null
            : "it is a private address on another host than the registry's";
    }

    /// <summary>Why a redirect must not be followed; null when it may. Credentials are never sent along to another host.</summary>
    public static string? FindRedirectProblem(Uri from, Uri to)
    {
        if (to.Scheme is not ("http" or "https"))
        {
            return "it is no web address";
        }

        if (from.Scheme == "https" && to.Scheme == "http")
        {
            return "it leads from https to plain http";
        }

        return !SameHost(from, to) && !IsLoopback(from) && (IsLoopback(to) || IsLinkLocal(to))
            ? "it leads to this machine's own network"
            : null;
    }

    public static bool SameOrigin(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.Port == other.Port && SameHost(one, other);

    public static bool IsLoopback(Uri uri) =>
        uri.IsLoopback || uri.IdnHost.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (Address(uri) is { } address && IPAddress.IsLoopback(address));

    private static bool SameHost(Uri one, Uri other) => one.IdnHost.Equals(other.IdnHost, StringComparison.OrdinalIgnoreCase);

    private static bool IsLinkLocal(Uri uri) =>
        Address(uri) is { } address && (address.IsIPv6LinkLocal || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)
            || (address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is [169, 254, ..]));

    private static bool IsPrivate(Uri uri) =>
        IsLoopback(uri) || IsLinkLocal(uri)
        || (Address(uri) is { } address && (address.IsIPv6UniqueLocal || address.IsIPv6SiteLocal
            || (address.AddressFamily == AddressFamily.InterNetwork
                && address.GetAddressBytes() is [10, ..] or [172, >= 16 and < 32, ..] or [192, 168, ..] or [100, >= 64 and < 128, ..])));

    private static IPAddress? Address(Uri uri) =>
        IPAddress.TryParse(uri.IdnHost, out var address) ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address) : null;
}
