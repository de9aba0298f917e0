namespace Ebb.Settings;

/// <summary>
/// Reads small mounted files with one secret each, at each use: a rotated one needs no restart. Errors name the setting and the file, never the
/// content, and are the caller's own exceptions.
/// </summary>
public static class SecretFile
{
    /// <summary>The longest file: 64 KiB.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>A token, key or id: one line, without the white space around it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="setting">What names it, for messages.</param>
    /// <param name="fault">Makes the exception from a message and its cause, for a file that cannot be read, is empty, or holds more than one line.</param>
    public static string ReadLine(string path, string setting, Func<string, Exception?, Exception> fault)
    {
        var text = Read(path, setting, fault).Trim();
        return text.Length > 0 && !text.Any(char.IsControl)
            ? text
            : throw fault($"{setting}: the file {path} is empty or holds more than one line. Put the value into it and nothing else.", null);
    }

    /// <summary>A password: the line ends after it are no part of it, all else is.</summary>
    /// <inheritdoc cref="ReadLine"/>
    public static string ReadPassword(string path, string setting, Func<string, Exception?, Exception> fault) => Read(path, setting, fault).TrimEnd('\r', '\n');

    private static string Read(string path, string setting, Func<string, Exception?, Exception> fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        try
        {
            return new FileInfo(path).Length <= MaxBytes ? File.ReadAllText(path) : throw fault($"{setting}: the file {path} has more than {MaxBytes} bytes.", null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw fault($"{setting}: the file {path} cannot be read: {exception.Message} Is the secret mounted, and may this user read it?", exception);
        }
    }
}
