using System.Runtime.InteropServices;

namespace Ebb.OpenSsl.Interop;

/// <summary>SSL, one connection; owns its two memory BIOs.</summary>
internal sealed class TlsHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibSsl.SSL_free(handle);
        return true;
    }
}
