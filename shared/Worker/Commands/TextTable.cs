using Ebb.Worker.Telemetry;

namespace Ebb.Worker.Commands;

/// <summary>Columns of text, as wide as their widest cell, and on a terminal together no wider than its line.</summary>
internal sealed class TextTable(params string[] headers)
{
    private const string Gap = "  ";
    private const int Narrowest = 8;

    private readonly List<string[]> _rows = [headers];

    public void Add(params string?[] cells) => _rows.Add([.. cells.Select(cell => string.IsNullOrEmpty(cell) ? "-" : cell)]);

    public async Task WriteAsync(TextWriter output)
    {
        foreach (var line in Lines(Terminal.WidthOf(output)))
        {
            await output.WriteLineAsync(line);
        }
    }

    /// <summary>The lines, none longer than <paramref name="width"/> as long as that leaves each column something.</summary>
    public IEnumerable<string> Lines(int? width)
    {
        var widths = headers.Select((_, column) => _rows.Max(row => row[column].Length)).ToArray();
        for (var over = Total(widths) - width; over > 0; over = Total(widths) - width)
        {
            var widest = Array.IndexOf(widths, widths.Max());
            if (widths[widest] <= Narrowest)
            {
                break;
            }

            widths[widest]--;
        }

        return _rows.Select(row => string.Join(Gap, row.Select((cell, column) => Clipped(cell, widths[column]).PadRight(widths[column]))).TrimEnd());
    }

    private static int Total(int[] widths) => widths.Sum() + (Gap.Length * (widths.Length - 1));

    private static string Clipped(string cell, int width) => cell.Length <= width ? cell : $"{cell[..(width - 1)]}…";

    /// <summary>A time as people read it.</summary>
    public static string? Time(DateTimeOffset? time) => time?.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'");
}
