using System.Text;

namespace Ebb.EtcdBackup.Sources;

/// <summary>Files with certificates, keys and passwords: small, and read anew in each run, because they are renewed.</summary>
internal static class CredentialFile
{
    private const int MaxBytes = 256 * 1024;

    /// <summary>The content, without the byte order mark that some editors put before it.</summary>
    /// <exception cref="SnapshotException">It cannot be read.</exception>
    public static async Task<byte[]> ReadAsync(string setting, string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var buffer = new byte[MaxBytes + 1];
            var length = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            var start = buffer.AsSpan(0, length).StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
            return length <= MaxBytes ? buffer[start..length] : throw Unusable(setting, path, $"it is longer than the {MaxBytes} bytes that are read", null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(setting, path, e is FileNotFoundException or DirectoryNotFoundException ? "it does not exist" : e.Message, e);
        }
    }

    private static SnapshotException Unusable(string setting, string path, string why, Exception? inner) =>
        new(SnapshotFailure.ConfigurationFile, $"{path} (EtcdBackup:{setting}) cannot be read: {why.TrimEnd('.')}.", inner);
}
