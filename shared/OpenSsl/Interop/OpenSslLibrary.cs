using System.Reflection;
using System.Runtime.InteropServices;

[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace Ebb.OpenSsl.Interop;

/// <summary>Whether OpenSSL 3 is here. Everything that calls it goes through <see cref="Require"/> first.</summary>
internal static class OpenSslLibrary
{
    public const string Crypto = "libcrypto.so.3";

    public const string Ssl = "libssl.so.3";

    // The runtime's own threads may still use OpenSSL while the process ends: no cleaning up then.
    private const ulong NoCleanupAtExit = 0x0008_0000;

    private static readonly Lazy<string?> Fault = new(() => FindFault([Crypto, Ssl]) ?? Start());

    /// <exception cref="OpenSslMissingException">It is not.</exception>
    public static void Require()
    {
        if (Fault.Value is { } fault)
        {
            throw new OpenSslMissingException(fault);
        }
    }

    internal static string? FindFault(IEnumerable<string> libraries)
    {
        var missing = libraries.Where(library => !IsThere(library)).ToArray();
        if (missing.Length == 0)
        {
            return null;
        }

        var older = IsThere("libssl.so.1.1") ? " OpenSSL 1.1 is installed, which is too old." : string.Empty;
        return $"OpenSSL 3 is needed, and {string.Join(" and ", missing)} could not be loaded.{older} Install the package libssl3 (Debian, Ubuntu, Alpine) or openssl-libs (Red Hat).";
    }

    private static string? Start()
    {
        var version = LibCrypto.OpenSSL_version_num() >> 28;
        if (version < 3)
        {
            return $"OpenSSL 3 is needed, and {Crypto} calls itself version {version}. Install OpenSSL 3 in its place.";
        }

        return LibSsl.OPENSSL_init_ssl(NoCleanupAtExit, 0) == 1
            ? null
            : $"OpenSSL did not start: {OpenSslErrors.TakeText()}. Its configuration file (openssl.cnf, OPENSSL_CONF) may be broken.";
    }

    private static bool IsThere(string library) =>
        NativeLibrary.TryLoad(library, Assembly.GetExecutingAssembly(), DllImportSearchPath.SafeDirectories, out _);
}
