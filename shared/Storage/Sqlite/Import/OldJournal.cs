using System.Globalization;
using System.Text;

namespace Ebb.Storage.Sqlite.Import;

/// <summary>
/// The journal of earlier versions in a directory: <c>journal-&lt;generation&gt;.log</c>, the highest generation counts. Once imported it
/// is kept as <c>.imported</c>, and a file that those versions refuse takes its place: with none they would begin with an empty store.
/// </summary>
internal static class OldJournal
{
    private const string Prefix = "journal-";
    private const string Suffix = ".log";
    private const string Unfinished = ".tmp";
    private const string Aside = ".imported";

    /// <summary>The version that no program reads: it stands in the file that takes the place of an imported journal.</summary>
    private const int Replaced = 2;

    public static bool Owns(string file) => Generation(file) is not null;

    /// <summary>The journal that is still to be imported; null when there is none.</summary>
    public static string? Find(string directory) => Journals(directory).FirstOrDefault() is { } newest && !IsReplacement(newest) ? newest : null;

    /// <summary>Keeps what was imported under another name. What is done of it already stays as it is.</summary>
    public static void SetAside(string directory, string database)
    {
        var journals = Journals(directory);
        if (journals.Count > 0 && IsReplacement(journals[0]))
            return;
        foreach (var journal in journals)
            File.Move(journal, Path.ChangeExtension(journal, Aside), overwrite: true);
        foreach (var unfinished in Directory.EnumerateFiles(directory, Prefix + "*" + Unfinished).Where(Owns))
            File.Delete(unfinished);
        Replace(directory, database);
    }

    private static void Replace(string directory, string database)
    {
        var newest = Directory.EnumerateFiles(directory, Prefix + "*" + Aside).Max(Generation) ?? 0;
        var name = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{newest + 1:D8}{Unfinished}"));
        using (var file = PrivateFiles.Open(name, FileMode.Create, FileShare.Read))
        {
            file.Write(JournalFormat.FileHeader(Replaced));
            file.Write(Encoding.UTF8.GetBytes($"\nThis store is in {database} now; what it was imported from is kept beside this file as {Prefix}*{Aside}.\n"));
        }
        File.Move(name, Path.ChangeExtension(name, Suffix));
    }

    private static List<string> Journals(string directory) =>
        [.. Directory.EnumerateFiles(directory, Prefix + "*" + Suffix).Where(Owns).OrderByDescending(Generation)];

    private static bool IsReplacement(string journal)
    {
        using var file = File.OpenHandle(journal);
        var header = new byte[JournalFormat.FileHeaderLength];
        return RandomAccess.Read(file, header, 0) == header.Length && JournalFormat.ReadFileHeader(header) == Replaced;
    }

    private static long? Generation(string file) =>
        Path.GetFileNameWithoutExtension(file) is var name && name.StartsWith(Prefix, StringComparison.Ordinal)
            && Path.GetExtension(file) is Suffix or Unfinished or Aside
            && long.TryParse(name[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : null;
}
