using System.Runtime.InteropServices;

namespace Ebb.OpenSsl.Interop;

/// <summary>X509, a certificate.</summary>
internal sealed class CertificateHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibCrypto.X509_free(handle);
        return true;
    }
}
