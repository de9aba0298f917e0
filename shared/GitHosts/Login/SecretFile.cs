namespace Ebb.GitHosts.Login;

/// <summary>Reads a small file with a secret on one line.</summary>
internal static class SecretFile
{
    private const int MaxBytes = 64 * 1024;

    /// <exception cref="GitHostException">The file cannot be read, is empty, or holds something else.</exception>
    public static string Read(string path, string setting)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                throw new GitHostException($"{setting}: the file {path} has more than {MaxBytes} bytes.", GitHostFault.LoginFailed);
            }

            var text = File.ReadAllText(path).Trim();
            return text.Length > 0 && !text.Any(char.IsControl)
                ? text
                : throw new GitHostException($"{setting}: the file {path} is empty or holds more than one line.", GitHostFault.LoginFailed);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new GitHostException($"{setting}: the file {path} cannot be read: {exception.Message}", GitHostFault.LoginFailed, exception);
        }
    }
}
