using System.Text.RegularExpressions;

namespace Ebb.ObjectStore;

/// <summary>The parsed <see cref="ObjectStoreOptions.Url"/>: a bucket with a prefix, or a directory.</summary>
internal sealed partial record StoreUrl
{
    private const string S3 = "s3://";
    private const string File = "file://";

    /// <summary>The bucket; null: a directory.</summary>
    public string? Bucket { get; private init; }

    /// <summary>What stands before every key: empty, or ends with a slash.</summary>
    public string Prefix { get; private init; } = "";

    /// <summary>The directory; empty: a bucket.</summary>
    public string Directory { get; private init; } = "";

    /// <summary>Reads a URL; null when it is none of the two kinds.</summary>
    public static StoreUrl? TryParse(string text)
    {
        if (text.StartsWith(S3, StringComparison.Ordinal))
        {
            var (bucket, prefix) = Split(text[S3.Length..]);
            return BucketName().IsMatch(bucket) && (prefix.Length == 0 || ObjectKey.TryParse(prefix.TrimEnd('/'), out _))
                ? new StoreUrl { Bucket = bucket, Prefix = prefix.Length == 0 ? "" : prefix + "/" }
                : null;
        }

        return text.StartsWith(File + "/", StringComparison.Ordinal) && !text.Contains("/../", StringComparison.Ordinal) && !text.Any(char.IsControl)
            ? new StoreUrl { Directory = Path.GetFullPath(text[File.Length..]) }
            : null;
    }

    // One slash at the end may be written or not; more are part of the keys, as S3 takes them.
    private static (string Bucket, string Prefix) Split(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var prefix = slash < 0 ? "" : text[(slash + 1)..];
        return (slash < 0 ? text : text[..slash], prefix.EndsWith('/') ? prefix[..^1] : prefix);
    }

    // Amazon S3 user guide, Bucket naming rules; upper case and underscores are older names that stores of one's own still have.
    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$", RegexOptions.NonBacktracking)]
    private static partial Regex BucketName();
}
