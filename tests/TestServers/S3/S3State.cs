using System.Security.Cryptography;

namespace Ebb.TestServers.S3;

/// <summary>What a bucket holds: objects, and uploads that are under way.</summary>
internal sealed class S3State
{
    public SortedDictionary<string, S3Object> Objects { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, S3UploadState> Uploads { get; } = new(StringComparer.Ordinal);

    // S3 defines ETags and Content-MD5 by it.
    public static byte[] Md5(byte[] content)
    {
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        md5.AppendData(content);
        return md5.GetHashAndReset();
    }
}

internal sealed record S3Object(byte[] Content, string ETag, DateTimeOffset Modified, string? LockMode, string? LockUntil);

internal sealed record S3UploadState(string Key, DateTimeOffset Begun, string? LockMode, string? LockUntil)
{
    public SortedDictionary<int, byte[]> Parts { get; } = [];
}
