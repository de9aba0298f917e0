namespace Ebb.TestServers.S3;

/// <summary>An error of the S3 API, on its way to the answer.</summary>
internal sealed class S3Error(int status, string code, string message) : Exception(message)
{
    public int Status => status;

    public string Code => code;

    /// <summary>The bucket's region, where the request was for another.</summary>
    public string? Region { get; init; }

    public static S3Error NotImplemented() => new(501, "NotImplemented", "A header or operation you provided implies functionality that is not implemented.");

    public static S3Error NoSuchKey() => new(404, "NoSuchKey", "The specified key does not exist.");

    public static S3Error NoSuchUpload() => new(404, "NoSuchUpload", "The specified multipart upload does not exist.");
}
