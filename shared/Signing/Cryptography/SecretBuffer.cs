using System.Runtime.InteropServices;

namespace Ebb.Signing.Cryptography;

/// <summary>
/// Memory outside the collected heap, zeroed when it is given back. scrypt needs 64 MiB once; on the heap they would stay
/// resident until a full collection.
/// </summary>
internal sealed unsafe class SecretBuffer(int length) : IDisposable
{
    private uint* _memory = (uint*)NativeMemory.AlignedAlloc((nuint)length * sizeof(uint), alignment: 64);

    public Span<uint> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_memory is null, this);
            return new Span<uint>(_memory, length);
        }
    }

    public void Dispose()
    {
        if (_memory is not null)
        {
            Span.Clear();
            NativeMemory.AlignedFree(_memory);
            _memory = null;
        }
    }
}
