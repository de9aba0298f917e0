namespace Ebb.EtcdBackup.Commands;

/// <summary>One line on a terminal that tells how far work has come. Silent where nobody looks.</summary>
internal sealed class ProgressLine(TextWriter terminal, bool isTerminal, TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);

    private long _shown;
    private int _width;

    /// <summary>Shows a line instead of the one before, a few times a second at most.</summary>
    public async ValueTask ShowAsync(string line)
    {
        if (isTerminal && (_width == 0 || time.GetElapsedTime(_shown) >= Every))
        {
            _shown = time.GetTimestamp();
            await terminal.WriteAsync($"\r{line.PadRight(_width)}");
            _width = Math.Max(_width, line.Length);
        }
    }

    /// <summary>Takes the line away.</summary>
    public async ValueTask ClearAsync()
    {
        if (_width > 0)
        {
            await terminal.WriteAsync($"\r{new string(' ', _width)}\r");
            _width = 0;
        }
    }
}
