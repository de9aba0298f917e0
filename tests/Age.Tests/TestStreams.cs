namespace Ebb.Age.Tests;

/// <summary>A disk that is full at the given write.</summary>
internal sealed class FailingOutput(int failAt) : MemoryStream
{
    private int _writes;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        ++_writes == failAt ? throw new IOException("No space left on device") : base.WriteAsync(buffer, cancellationToken);
}

/// <summary>A valid first line, then the same bytes for ever.</summary>
internal sealed class EndlessInput(byte[] repeated) : MemoryStream("age-encryption.org/v1\n"u8.ToArray())
{
    public long Given { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await base.ReadAsync(buffer, cancellationToken);
        for (var i = count; count == 0 && i < buffer.Length; i++)
        {
            buffer.Span[i] = repeated[(int)(Given++ % repeated.Length)];
        }

        return count == 0 ? buffer.Length : count;
    }
}
