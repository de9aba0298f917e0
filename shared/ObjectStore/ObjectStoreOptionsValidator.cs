namespace Ebb.ObjectStore;

/// <summary>Finds every mistake in <see cref="ObjectStoreOptions"/> at once.</summary>
public static class ObjectStoreOptionsValidator
{
    /// <summary>One sentence for each problem: the key, its value and what would be right. Empty when there is none. Never holds a secret.</summary>
    public static IEnumerable<string> Validate(ObjectStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var url = StoreUrl.TryParse(options.Url);
        return Url(options, url).Concat(url?.Bucket is null ? [] : S3(options));
    }

    private static IEnumerable<string> Url(ObjectStoreOptions options, StoreUrl? url)
    {
        if (options.Url.Length == 0)
        {
            yield return $"{options.Section} is not set. Set it to s3://bucket/prefix or file:///directory.";
        }
        else if (url is null)
        {
            // Somebody may have put user:password@ into it.
            yield return options.Url.Contains('@', StringComparison.Ordinal)
                ? $"{options.Section} holds an '@'. Credentials do not belong into it: set {options.Section}:AccessKeyFile and {options.Section}:SecretKeyFile, and the server as {options.Section}:Endpoint."
                : $"{options.Section} '{options.Url}' is no store. Set it to s3://bucket/prefix (a bucket has 3 to 63 letters, digits, '-', '.' or '_') or file:///directory (absolute).";
        }
    }

    private static IEnumerable<string> S3(ObjectStoreOptions options) =>
        Endpoint(options).Concat(Region(options)).Concat(Credentials(options)).Concat(FileAt(options, "CaFile", options.CaFile));

    private static IEnumerable<string> Endpoint(ObjectStoreOptions options)
    {
        var key = $"{options.Section}:Endpoint";
        if (options.Endpoint is null)
        {
            yield break;
        }

        if (!Uri.TryCreate(options.Endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http")
            || uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.AbsolutePath != "/")
        {
            yield return $"{key} is no URL such as https://s3.example.com (https or http, no user, path, query or fragment; bucket and prefix stand in {options.Section}).";
        }
        else if (uri.Scheme == "http" && !uri.IsLoopback && !options.PlainHttp)
        {
            yield return $"{key} '{options.Endpoint}' would send everything unencrypted. Use https, or set {options.Section}:PlainHttp to true.";
        }
    }

    private static IEnumerable<string> Region(ObjectStoreOptions options)
    {
        if (!options.Region.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_'))
        {
            yield return $"{options.Section}:Region '{options.Region}' is no region such as us-east-1.";
        }
    }

    private static IEnumerable<string> Credentials(ObjectStoreOptions options)
    {
        var files = options.AccessKeyFile is not null || options.SecretKeyFile is not null;
        var values = options.AccessKey is not null || options.SecretKey is not null;
        if (files && (options.AccessKeyFile is null || options.SecretKeyFile is null))
        {
            yield return $"{options.Section}:{(options.AccessKeyFile is null ? "AccessKeyFile" : "SecretKeyFile")} is not set. Set both {options.Section}:AccessKeyFile and {options.Section}:SecretKeyFile.";
        }
        else if (!files && (options.AccessKey is null || options.SecretKey is null))
        {
            yield return values
                ? $"{(options.AccessKey is null ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY")} is not set, but the other half is. Set both."
                : $"{options.Section} has no credentials. Set {options.Section}:AccessKeyFile and {options.Section}:SecretKeyFile, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.";
        }

        foreach (var problem in FileAt(options, "AccessKeyFile", options.AccessKeyFile)
            .Concat(FileAt(options, "SecretKeyFile", options.SecretKeyFile))
            .Concat(FileAt(options, "SessionTokenFile", options.SessionTokenFile)))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> FileAt(ObjectStoreOptions options, string name, string? path)
    {
        if (path is not null && !File.Exists(path))
        {
            yield return $"{options.Section}:{name} '{path}' does not exist.";
        }
    }
}
