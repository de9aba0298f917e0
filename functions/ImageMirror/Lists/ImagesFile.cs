using System.Text;
using Ebb.Contracts.Images;
using Ebb.Http;
using Ebb.ImageMirror.Mirroring;

namespace Ebb.ImageMirror.Lists;

/// <summary>Reads <c>images.yaml</c>. Every problem is reported at once, each with its line.</summary>
public static class ImagesFile
{
    /// <summary>The greatest length of the file: 1 MiB.</summary>
    public const int MaxBytes = 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads and checks the file; null when there is any problem.</summary>
    public static async Task<ImageList?> ReadAsync(MirrorOptions options, ListProblems problems, CancellationToken cancellationToken)
    {
        // A small local file, read off the caller's thread in case its volume hangs.
        return await Task.Run(() => Read(options, problems), cancellationToken);
    }

    /// <summary>Reads and checks the file; null when there is any problem.</summary>
    public static ImageList? Read(MirrorOptions options, ListProblems problems)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(problems);
        var path = options.ImagesFile;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var content = new byte[MaxBytes + 1];
            var length = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            if (length > MaxBytes)
            {
                problems.Add(path, $"an images file has at most {MaxBytes} bytes");
                return null;
            }

            return Parse(StrictUtf8.GetString(ByteOrderMark.Skip(content.AsSpan(0, length))), Path.GetFileName(path), options.Adhoc?.Path, problems);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            problems.Add(path, "the images file does not exist; create it or set ImageMirror:ImagesFile to where it is");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(path, $"the images file cannot be read: {e.Message}");
        }
        catch (DecoderFallbackException)
        {
            problems.Add(path, "the images file is not UTF-8 text");
        }

        return null;
    }

    /// <summary>Reads and checks a list.</summary>
    internal static ImageList? Parse(string yaml, string file, string? reserved, ListProblems problems)
    {
        if (FindTabbedLine(yaml) is { } line)
        {
            problems.Add($"{file}:{line}", "the line is indented with a tab; YAML takes spaces only");
            return null;
        }

        return YamlListNode.Read(yaml, file, problems) is { } root ? ImageListReader.ReadFile(root, reserved, problems) : null;
    }

    private static int? FindTabbedLine(string yaml)
    {
        var number = 0;
        foreach (var line in yaml.AsSpan().EnumerateLines())
        {
            number++;
            if (line[..^line.TrimStart(" \t").Length].Contains('\t') && !line.IsWhiteSpace())
            {
                return number;
            }
        }

        return null;
    }
}
