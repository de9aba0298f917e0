namespace Ebb.SecretBump.Unsealing;

/// <summary>Reads shares from mounted files, one in each; read at each run, for a Secret's files change in place.</summary>
internal static class KeyShareFiles
{
    private const int MaxFiles = 64;
    private const int MaxBytes = 1024;

    /// <exception cref="UnsealException">The directory or a file cannot be read, or is no share.</exception>
    public static IReadOnlyList<KeyShare> Read(string directory)
    {
        try
        {
            // A mounted Secret holds links beside its keys; their names begin with two dots.
            var files = Directory.EnumerateFiles(directory).Where(file => !Path.GetFileName(file).StartsWith('.')).Order(StringComparer.Ordinal).Take(MaxFiles).ToList();
            return files.Count > 0
                ? [.. files.Select(ReadFile).DistinctBy(share => share.Value)]
                : throw new UnsealException($"UnsealVault:SharesDirectory '{directory}' holds no file. Mount the Secret with the key shares there, one in each file.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UnsealException($"UnsealVault:SharesDirectory '{directory}' cannot be read: {exception.Message}", exception);
        }
    }

    private static KeyShare ReadFile(string path)
    {
        if (new FileInfo(path) is { Length: > MaxBytes } file)
        {
            throw new UnsealException($"The key share {file.Name} has more than {MaxBytes} bytes. Write one share into each file.");
        }

        var text = File.ReadAllText(path).Trim();
        return text.Length > 0 && text.All(char.IsAscii) && !text.Any(char.IsWhiteSpace)
            ? new KeyShare(Path.GetFileName(path), text)
            : throw new UnsealException($"The key share {Path.GetFileName(path)} is empty or holds more than one word. Write one share in hexadecimal or base64 into each file.");
    }
}
