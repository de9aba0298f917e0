namespace Ebb.Age.Tests;

/// <summary>Gives a few bytes at a time, as networks may.</summary>
internal sealed class DrippingStream(byte[] content) : MemoryStream(content)
{
    private int _reads;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(buffer.Length, 1 + (_reads++ % 7))], cancellationToken);
}
