namespace Ebb.Age;

/// <summary>Looks ahead in an encrypted file by one chunk at most.</summary>
internal sealed class BufferedInput(Stream input, bool leaveOpen) : IAsyncDisposable, IDisposable
{
    private readonly byte[] _buffer = new byte[2 * PayloadCipher.SealedBytes];
    private int _start;
    private int _end;

    /// <summary>The next bytes, fewer only where the file ends. They stay until <see cref="Consume"/>.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> FillAsync(int count, CancellationToken cancellationToken)
    {
        while (_end - _start < count && await MoreAsync(cancellationToken))
        {
        }

        return _buffer.AsMemory(_start, Math.Min(count, _end - _start));
    }

    public void Consume(int count) => _start += count;

    /// <exception cref="AgeException">It is malformed or longer than <see cref="HeaderParser.MostBytes"/>.</exception>
    public async Task<HeaderParser> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        var (parser, total, searched) = (new HeaderParser(), 0, 0);
        while (parser.Mac is null)
        {
            var length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                length += searched;
                parser.Add(_buffer.AsSpan(_start, length));
                Consume(length + 1);
                (total, searched) = (total + length + 1, 0);
                continue;
            }

            searched = _end - _start;
            if (total + searched > HeaderParser.MostBytes || searched > PayloadCipher.ChunkBytes)
            {
                throw HeaderParser.Malformed($"it is longer than {HeaderParser.MostBytes} bytes, or a line is endless");
            }

            if (!await MoreAsync(cancellationToken))
            {
                throw total == 0 ? HeaderParser.Malformed("the file is empty or no age file") : HeaderParser.Malformed("the file ends within it");
            }
        }

        return parser;
    }

    public ValueTask DisposeAsync() => leaveOpen ? ValueTask.CompletedTask : input.DisposeAsync();

    public void Dispose()
    {
        if (!leaveOpen)
        {
            input.Dispose();
        }
    }

    private async ValueTask<bool> MoreAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        var count = await input.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += count;
        return count > 0;
    }
}
