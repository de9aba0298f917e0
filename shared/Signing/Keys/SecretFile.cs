using Ebb.Http;

namespace Ebb.Signing.Keys;

/// <summary>Reads a small file that holds a secret; errors name the file and the setting, never the content.</summary>
internal static class SecretFile
{
    private const int MaxPasswordBytes = 4096;

    public static byte[] Read(string path, int maxBytes, string what, string setting)
    {
        try
        {
            using var file = File.OpenRead(path);
            var buffer = new byte[maxBytes + 1];
            var length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return length > maxBytes
                ? throw new SigningException($"The file {path} ({setting}) has more than {maxBytes} bytes and cannot be {what}.")
                : buffer[..length];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SigningException($"The file {path} ({setting}), {what}, cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>A password; one line end at the end is not part of it.</summary>
    public static byte[] ReadPassword(string path, string setting)
    {
        var bytes = Read(path, MaxPasswordBytes, "a password", setting);
        bytes = ByteOrderMark.Skip(bytes.AsSpan()).ToArray();
        var length = bytes.AsSpan().EndsWith("\r\n"u8) ? bytes.Length - 2 : bytes.AsSpan().EndsWith("\n"u8) ? bytes.Length - 1 : bytes.Length;
        return bytes[..length];
    }
}
