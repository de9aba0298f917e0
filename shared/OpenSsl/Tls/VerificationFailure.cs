using System.Runtime.InteropServices;
using Ebb.OpenSsl.Interop;

namespace Ebb.OpenSsl.Tls;

/// <summary>
/// What OpenSSL found wrong with a server's chain: its code, the certificate that it looked at, in DER, and how far that is
/// above the server's own.
/// </summary>
internal sealed record VerificationFailure(int Code, int Depth, byte[] Certificate)
{
    // OpenSSL calls back on the thread that runs the handshake.
    [ThreadStatic]
    private static VerificationFailure? _latest;

    public string Reason => Marshal.PtrToStringUTF8(LibCrypto.X509_verify_cert_error_string(Code)) ?? $"code {Code}";

    /// <summary>The failure that the handshake on this thread has just met; asked for once.</summary>
    public static VerificationFailure? Take()
    {
        var latest = _latest;
        _latest = null;
        return latest;
    }

    [UnmanagedCallersOnly]
    public static int OnVerified(int isGood, nint store)
    {
        if (isGood != 1)
        {
            _latest = new VerificationFailure(
                LibCrypto.X509_STORE_CTX_get_error(store),
                LibCrypto.X509_STORE_CTX_get_error_depth(store),
                Copy(LibCrypto.X509_STORE_CTX_get_current_cert(store)));
        }

        return isGood;
    }

    private static unsafe byte[] Copy(nint certificate)
    {
        var length = certificate == 0 ? 0 : LibCrypto.i2d_X509(certificate, 0);
        var der = new byte[Math.Max(length, 0)];
        fixed (byte* start = der)
        {
            var at = (nint)start;
            _ = der.Length == 0 ? 0 : LibCrypto.i2d_X509_to(certificate, ref at);
        }

        return der;
    }
}
