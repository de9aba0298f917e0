using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.S3;

/// <summary>Which operation of the Amazon S3 API a request is, and what about.</summary>
public sealed record S3Operation(string Name, string Bucket, string Key)
{
    /// <summary>Path style: <c>/bucket/key</c>; subresources stand in the query (Amazon S3 API reference, Actions).</summary>
    public static S3Operation Of(HttpRequest request)
    {
        var parts = request.Path.Value!.TrimStart('/').Split('/', 2);
        var key = parts.Length > 1 ? parts[1] : "";
        return new S3Operation(key.Length == 0 ? OnBucket(request) : OnObject(request), parts[0], key);
    }

    private static string OnBucket(HttpRequest request) => (request.Method, request.Query) switch
    {
        ("GET", var query) when query["list-type"] == "2" => "ListObjectsV2",
        ("GET", var query) when query.ContainsKey("uploads") => "ListMultipartUploads",
        ("GET", var query) when query.ContainsKey("object-lock") => "GetObjectLockConfiguration",
        _ => "NotImplemented",
    };

    private static string OnObject(HttpRequest request) => (request.Method, request.Query.ContainsKey("uploadId")) switch
    {
        ("PUT", true) => "UploadPart",
        ("PUT", false) => "PutObject",
        ("POST", true) => "CompleteMultipartUpload",
        ("POST", false) when request.Query.ContainsKey("uploads") => "CreateMultipartUpload",
        ("DELETE", true) => "AbortMultipartUpload",
        ("DELETE", false) => "DeleteObject",
        ("GET", _) => "GetObject",
        ("HEAD", _) => "HeadObject",
        _ => "NotImplemented",
    };
}
