namespace Ebb.EtcdBackup;

/// <summary>Makes what others wrote fit for a message: one line, short, without passwords in addresses.</summary>
internal static class Shown
{
    private const int MaxLength = 300;

    public static string Line(string text)
    {
        var clipped = text.Length <= MaxLength ? text : text[..MaxLength] + "…";
        return string.Create(clipped.Length, clipped, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) ? ' ' : source[i];
            }
        });
    }

    public static string Url(string text)
    {
        var at = text.LastIndexOf('@');
        return Line(at < 0 ? text : "…" + text[at..]);
    }

    /// <summary>A number of bytes for people: <c>1.2 GB</c>.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        >= 1_000_000_000 => $"{bytes / 1e9:0.00} GB",
        >= 1_000_000 => $"{bytes / 1e6:0.0} MB",
        >= 1_000 => $"{bytes / 1e3:0} kB",
        _ => $"{bytes} B",
    };

    /// <summary>An id as etcdctl shows it.</summary>
    public static string Id(ulong id) => id.ToString("x");
}
