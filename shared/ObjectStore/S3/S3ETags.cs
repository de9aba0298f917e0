using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Amazon.S3;
using Microsoft.Extensions.Logging;

namespace Ebb.ObjectStore.S3;

/// <summary>
/// Compares a store's ETags with MD5: of an object or part its own, of a multipart object the MD5 of the parts' MD5s, a hyphen and their
/// number (Amazon S3 API reference, Object). With KMS keys they are no digests; customer keys are not used here.
/// </summary>
internal sealed partial class S3ETags(string key, ILogger logger)
{
    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdefABCDEF");
    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, byte[]> _parts = [];

    /// <summary>What all comparisons so far say together.</summary>
    public ETagCheck Result { get; private set; } = ETagCheck.NotComparable;

    // Not a matter of security: it is S3's transfer check, and the SHA-256 is what is trusted.
    public static byte[] Md5(ReadOnlySpan<byte> content)
    {
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        md5.AppendData(content);
        return md5.GetHashAndReset();
    }

    public static string Plain(string? etag) => etag?.Trim('"') ?? "";

    public void Part(int number, byte[] md5, string? etag, ServerSideEncryptionMethod? method)
    {
        lock (_gate)
        {
            _parts[number] = md5;
        }

        Compare($"part {number}", Hex(md5), etag, method);
    }

    public void Whole(byte[] md5, string? etag, ServerSideEncryptionMethod? method) =>
        Compare("the object", Hex(md5), etag, method);

    public void Completed(string? etag, ServerSideEncryptionMethod? method) => Compare("the object", Multipart(), etag, method);

    /// <summary>The ETag that a multipart object has where ETags are digests.</summary>
    public string Multipart() => $"{Hex(Md5([.. _parts.Values.SelectMany(md5 => md5)]))}-{_parts.Count.ToString(CultureInfo.InvariantCulture)}";

    private void Compare(string what, string expected, string? etag, ServerSideEncryptionMethod? method)
    {
        var said = Plain(etag);
        if (!LooksLike(expected, said) || (method is not null && method.Value.StartsWith("aws:", StringComparison.Ordinal)))
        {
            return;
        }

        var matches = string.Equals(said, expected, StringComparison.OrdinalIgnoreCase);
        lock (_gate)
        {
            Result = matches && Result != ETagCheck.Differs ? ETagCheck.Matches : ETagCheck.Differs;
        }

        if (!matches)
        {
            LogDiffers(logger, key, what, said, expected);
        }
    }

    private static bool LooksLike(string expected, string said) =>
        said.Length == expected.Length && !said.AsSpan(0, 32).ContainsAnyExcept(Hexadecimal) && said.AsSpan(32).SequenceEqual(expected.AsSpan(32));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    [LoggerMessage(4602, LogLevel.Warning, "The store's ETag for {What} of '{Key}' is {Said}, but the MD5 of what was sent is {Expected}: either its ETags are no digests, or it does not hold what it was sent. Only reading it back tells")]
    private static partial void LogDiffers(ILogger logger, string key, string what, string said, string expected);
}
