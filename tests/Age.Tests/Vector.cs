using System.IO.Compression;
using System.Text;

namespace Ebb.Age.Tests;

/// <summary>A file of C2SP/CCTV's age test vectors: <c>key: value</c> lines, an empty line, the age file.</summary>
internal sealed record Vector(string Expected, string? PayloadHash, IReadOnlyList<string> Identities, byte[] File)
{
    private static readonly string[] Known = ["expect", "payload", "identity", "file key", "comment", "compressed"];

    public static string Folder => Path.GetFullPath(Path.Combine(Root, "../shared/data/age"));

    private static string Root
    {
        get
        {
            var directory = new DirectoryInfo(AppContext.BaseDirectory);
            while (directory is not null && !System.IO.File.Exists(Path.Combine(directory.FullName, "Functions.sln")))
            {
                directory = directory.Parent;
            }

            return directory?.FullName ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Functions.sln.");
        }
    }

    /// <summary>Null for a vector with keys that are not known: it is of a kind (armor, passphrase) that is not read here.</summary>
    public static Vector? Read(string path)
    {
        var bytes = System.IO.File.ReadAllBytes(path);
        var end = bytes.AsSpan().IndexOf("\n\n"u8);
        var lines = Encoding.UTF8.GetString(bytes, 0, end).Split('\n').Select(line => line.Split(": ", 2)).ToArray();
        if (lines.Any(line => !Known.Contains(line[0])))
        {
            return null;
        }

        string? First(string key) => lines.FirstOrDefault(line => line[0] == key)?[1];
        var file = bytes[(end + 2)..];
        return new Vector(
            First("expect")!,
            First("payload"),
            [.. lines.Where(line => line[0] == "identity").Select(line => line[1])],
            First("compressed") == "zlib" ? Inflate(file) : file);
    }

    private static byte[] Inflate(byte[] compressed)
    {
        using var zlib = new ZLibStream(new MemoryStream(compressed), CompressionMode.Decompress);
        using var file = new MemoryStream();
        zlib.CopyTo(file);
        return file.ToArray();
    }
}
