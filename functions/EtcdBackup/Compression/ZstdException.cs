namespace Ebb.EtcdBackup.Compression;

/// <summary>Content is no whole zstd. Never transient: the same bytes fail again.</summary>
public sealed class ZstdException : IOException
{
    internal ZstdException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
