using System.Runtime.InteropServices;

namespace Ebb.OpenSsl.Interop;

/// <summary>EVP_PKEY, a private or a public key. OpenSSL overwrites a private key before it frees it.</summary>
internal sealed class PrivateKeyHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_PKEY_free(handle);
        return true;
    }
}
