using System.Runtime.InteropServices;

namespace Ebb.OpenSsl.Interop;

/// <summary>SSL_CTX, the settings that connections share.</summary>
internal sealed class TlsContextHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibSsl.SSL_CTX_free(handle);
        return true;
    }
}
