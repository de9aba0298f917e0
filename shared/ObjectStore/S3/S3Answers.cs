using Amazon.S3.Model;

namespace Ebb.ObjectStore.S3;

/// <summary>
/// Tells S3's answers from those of something else with a status of success: the page of a console, a login or a proxy. Amazon's SDK reads any XML,
/// such as a page, as an answer in which everything is missing, an empty list for example.
/// </summary>
internal static class S3Answers
{
    /// <summary>What the answer lacks that S3's always has (Amazon S3 API reference, Response Syntax of each operation); null: nothing.</summary>
    public static string? Lacks(object? answer, string bucket) => answer switch
    {
        ListObjectsV2Response list when list.Name != bucket => List("ListBucketResult", bucket, list.Name),
        ListMultipartUploadsResponse list when list.BucketName != bucket => List("ListMultipartUploadsResult", bucket, list.BucketName),
        InitiateMultipartUploadResponse { UploadId: null or "" } => "it is no InitiateMultipartUploadResult with an UploadId",
        CompleteMultipartUploadResponse { ETag: null or "" } => "it is no CompleteMultipartUploadResult with an ETag",
        GetObjectMetadataResponse { ETag: null or "" } head => NoETag(head.Headers.ContentType),
        GetObjectResponse { ETag: null or "" } get => NoETag(get.Headers.ContentType),
        PutObjectResponse { ETag: null or "" } or UploadPartResponse { ETag: null or "" } => NoETag(type: null),
        _ => null,
    };

    private static string List(string element, string bucket, string? said) =>
        string.IsNullOrEmpty(said) ? $"it is no {element} of '{bucket}'" : $"its {element} is of the bucket '{Ebb.Http.Redaction.Text(said)}', not of '{bucket}'";

    private static string NoETag(string? type) => $"it has no ETag{(string.IsNullOrEmpty(type) ? "" : $", and is of type '{Ebb.Http.Redaction.Text(type)}'")}";
}
