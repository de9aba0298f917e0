using System.Runtime.InteropServices;

namespace Ebb.OpenSsl.Interop;

/// <summary>EVP_PKEY_CTX, an operation with a key.</summary>
internal sealed class KeyContextHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_PKEY_CTX_free(handle);
        return true;
    }
}
