namespace Ebb.Benchmarks;

/// <summary>A table ready to paste into the README.</summary>
internal sealed class MarkdownTable(params string[] headings)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Print()
    {
        var widths = headings.Select((heading, column) => _rows.Select(row => row[column].Length).Append(heading.Length).Max()).ToArray();
        Console.WriteLine();
        Console.WriteLine(Line(headings, widths));
        Console.WriteLine("|" + string.Concat(widths.Select((width, column) => column == 0 ? new string('-', width + 2) + "|" : new string('-', width + 1) + ":|")));
        _rows.ForEach(row => Console.WriteLine(Line(row, widths)));
        Console.WriteLine();
    }

    private static string Line(string[] cells, int[] widths) =>
        "| " + string.Join(" | ", cells.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]))) + " |";
}
