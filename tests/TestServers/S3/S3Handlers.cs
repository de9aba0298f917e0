using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Ebb.TestServers.S3;

/// <summary>Does one operation. The caller holds the state's lock.</summary>
internal sealed class S3Handlers(S3State state, S3Server server, TimeProvider time, S3Fault? fault)
{
    private const int SmallestPart = 5 * 1024 * 1024;

    public S3Answer Answer(HttpRequest request, S3Operation operation, byte[] body) => operation.Name switch
    {
        "PutObject" => PutObject(request, operation.Key, body),
        "GetObject" => GetObject(request, operation.Key),
        "HeadObject" => Describe(Find(operation.Key), new S3Answer(200)).With("Content-Length", $"{Find(operation.Key).Content.Length}"),
        "DeleteObject" => DeleteObject(operation.Key),
        "ListObjectsV2" => ListObjects(request),
        "CreateMultipartUpload" => CreateUpload(request, operation.Key),
        "UploadPart" => UploadPart(request, operation.Key, body),
        "CompleteMultipartUpload" => CompleteUpload(request, operation.Key, body),
        "AbortMultipartUpload" => AbortUpload(request),
        "ListMultipartUploads" => ListUploads(request),
        "GetObjectLockConfiguration" => LockConfiguration(),
        _ => throw S3Error.NotImplemented(),
    };

    // API reference, PutObject; If-None-Match: user guide, Conditional writes.
    private S3Answer PutObject(HttpRequest request, string key, byte[] body)
    {
        CheckCondition(request, key);
        var (mode, until) = Lock(request);
        if (mode is not null && request.Headers.ContentMD5.Count == 0)
            throw new S3Error(400, "InvalidRequest", "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters");
        return Store(key, body, Convert.ToHexStringLower(S3State.Md5(body)), mode, until, new S3Answer(200));
    }

    // API reference, GetObject; RFC 9110, 13.1.1 (If-Match) and 14.2 (Range).
    private S3Answer GetObject(HttpRequest request, string key)
    {
        var found = Find(key);
        if (request.Headers.IfMatch is { Count: > 0 } match && match.ToString().Trim('"') != found.ETag)
            throw new S3Error(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
        if (!RangeHeaderValue.TryParse(request.Headers.Range.ToString(), out var header))
            return Describe(found, new S3Answer(200) { Body = found.Content });
        var range = header.Ranges.Single();
        var from = (int)range.From!.Value;
        var to = (int)Math.Min(range.To ?? long.MaxValue, found.Content.Length - 1);
        return from >= found.Content.Length
            ? throw new S3Error(416, "InvalidRange", "The requested range is not satisfiable")
            : Describe(found, new S3Answer(206) { Body = found.Content.AsMemory(from..(to + 1)) }).With("Content-Range", $"bytes {from}-{to}/{found.Content.Length}");
    }

    private S3Answer DeleteObject(string key)
    {
        state.Objects.Remove(key);
        return new S3Answer(204);
    }

    // API reference, ListObjectsV2.
    private S3Answer ListObjects(HttpRequest request)
    {
        var after = request.Query["continuation-token"].ToString();
        var rest = state.Objects.Where(item => item.Key.StartsWith(request.Query["prefix"].ToString(), StringComparison.Ordinal) && string.CompareOrdinal(item.Key, after) > 0).ToList();
        var page = rest.Take(server.PageSize).ToList();
        var more = rest.Count > page.Count;
        return S3Answer.Xml(
            "ListBucketResult",
            new XElement("Name", server.Login.Bucket),
            new XElement("Prefix", request.Query["prefix"].ToString()),
            page.Select(item => new XElement("Contents", new XElement("Key", item.Key), new XElement("Size", item.Value.Content.Length), new XElement("ETag", $"\"{item.Value.ETag}\""), new XElement("LastModified", Iso(item.Value.Modified)))),
            new XElement("IsTruncated", more),
            more ? new XElement("NextContinuationToken", page[^1].Key) : new XElement("KeyCount", page.Count));
    }

    // API reference, CreateMultipartUpload, UploadPart, CompleteMultipartUpload, AbortMultipartUpload.
    private S3Answer CreateUpload(HttpRequest request, string key)
    {
        var id = Guid.NewGuid().ToString("N");
        var (mode, until) = Lock(request);
        state.Uploads.Add(id, new S3UploadState(key, time.GetUtcNow(), mode, until));
        return S3Answer.Xml("InitiateMultipartUploadResult", new XElement("Bucket", server.Login.Bucket), new XElement("Key", key), new XElement("UploadId", id));
    }

    private S3Answer UploadPart(HttpRequest request, string key, byte[] body)
    {
        var number = int.Parse(request.Query["partNumber"].ToString(), CultureInfo.InvariantCulture);
        if (number is < 1 or > 10_000)
            throw new S3Error(400, "InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive");
        Upload(request, key).Parts[number] = Kept(body);
        return new S3Answer(200).With("ETag", $"\"{Convert.ToHexStringLower(S3State.Md5(body))}\"");
    }

    private S3Answer CompleteUpload(HttpRequest request, string key, byte[] body)
    {
        var upload = Upload(request, key);
        CheckCondition(request, key);
        var listed = XDocument.Parse(Encoding.UTF8.GetString(body)).Descendants().Where(element => element.Name.LocalName == "Part")
            .Select(part => int.Parse(part.Elements().Single(element => element.Name.LocalName == "PartNumber").Value, CultureInfo.InvariantCulture)).ToList();
        if (listed.Count == 0 || !listed.SequenceEqual(listed.Order()) || listed.Any(number => !upload.Parts.ContainsKey(number)))
            throw new S3Error(400, "InvalidPart", "One or more of the specified parts could not be found.");
        if (listed.SkipLast(1).Any(number => upload.Parts[number].Length < SmallestPart))
            throw new S3Error(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size");
        if (fault?.ErrorInside == true)
            return S3Answer.Xml("Error", new XElement("Code", "InternalError"), new XElement("Message", "We encountered an internal error. Please try again."));
        var parts = listed.Select(number => upload.Parts[number]).ToList();
        var etag = $"{Convert.ToHexStringLower(S3State.Md5([.. parts.SelectMany(S3State.Md5)]))}-{parts.Count}";
        state.Uploads.Remove(request.Query["uploadId"].ToString());
        Store(key, [.. parts.SelectMany(part => part)], etag, upload.LockMode, upload.LockUntil, new S3Answer(200));
        return S3Answer.Xml("CompleteMultipartUploadResult", new XElement("Key", key), new XElement("ETag", $"\"{fault?.ETag ?? etag}\""));
    }

    private S3Answer AbortUpload(HttpRequest request) =>
        state.Uploads.Remove(request.Query["uploadId"].ToString()) ? new S3Answer(204) : throw S3Error.NoSuchUpload();

    // API reference, ListMultipartUploads.
    private S3Answer ListUploads(HttpRequest request)
    {
        var after = (request.Query["key-marker"].ToString(), request.Query["upload-id-marker"].ToString());
        var prefix = request.Query["prefix"].ToString();
        var rest = state.Uploads.Where(item => item.Value.Key.StartsWith(prefix, StringComparison.Ordinal) && (server.ListsUploadsByPrefix || prefix.Length == 0 || item.Value.Key == prefix))
            .OrderBy(item => item.Value.Key, StringComparer.Ordinal).ThenBy(item => item.Key, StringComparer.Ordinal)
            .Where(item => string.CompareOrdinal(item.Value.Key, after.Item1) is var order && (order > 0 || (order == 0 && string.CompareOrdinal(item.Key, after.Item2) > 0))).ToList();
        var page = rest.Take(server.PageSize).ToList();
        return S3Answer.Xml(
            "ListMultipartUploadsResult",
            new XElement("Bucket", server.Login.Bucket),
            new XElement("Prefix", prefix),
            page.Select(item => new XElement("Upload", new XElement("Key", item.Value.Key), new XElement("UploadId", item.Key), new XElement("Initiated", Iso(item.Value.Begun)))),
            new XElement("IsTruncated", rest.Count > page.Count),
            rest.Count > page.Count ? new object[] { new XElement("NextKeyMarker", page[^1].Value.Key), new XElement("NextUploadIdMarker", page[^1].Key) } : []);
    }

    private S3Answer LockConfiguration() => server.HasObjectLock
        ? S3Answer.Xml("ObjectLockConfiguration", new XElement("ObjectLockEnabled", "Enabled"))
        : throw new S3Error(404, "ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket");

    private (string? Mode, string? Until) Lock(HttpRequest request)
    {
        var mode = request.Headers["x-amz-object-lock-mode"].FirstOrDefault();
        return mode is null || server.HasObjectLock
            ? (mode, request.Headers["x-amz-object-lock-retain-until-date"].FirstOrDefault())
            : throw new S3Error(400, "InvalidRequest", "Bucket is missing Object Lock Configuration");
    }

    private void CheckCondition(HttpRequest request, string key)
    {
        if (request.Headers.IfNoneMatch.Count == 0)
            return;
        if (!server.KnowsConditions)
            throw S3Error.NotImplemented();
        if (state.Objects.ContainsKey(key))
            throw new S3Error(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
    }

    private S3Answer Store(string key, byte[] body, string etag, string? mode, string? until, S3Answer answer)
    {
        state.Objects[key] = new S3Object(Kept(body), etag, time.GetUtcNow(), mode, until);
        return answer.With("ETag", $"\"{etag}\"");
    }

    private byte[] Kept(byte[] body)
    {
        var kept = body[..^(fault?.Lose ?? 0)];
        if (fault?.Damage == true)
            kept[kept.Length / 2] ^= 1;
        return kept;
    }

    private static S3Answer Describe(S3Object found, S3Answer answer) => answer
        .With("ETag", $"\"{found.ETag}\"")
        .With("Last-Modified", found.Modified.ToString("R", CultureInfo.InvariantCulture))
        .With("x-amz-object-lock-mode", found.LockMode)
        .With("x-amz-object-lock-retain-until-date", found.LockUntil);

    private S3Object Find(string key) => state.Objects.TryGetValue(key, out var found) ? found : throw S3Error.NoSuchKey();

    private S3UploadState Upload(HttpRequest request, string key) =>
        state.Uploads.TryGetValue(request.Query["uploadId"].ToString(), out var upload) && upload.Key == key ? upload : throw S3Error.NoSuchUpload();

    private static string Iso(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
