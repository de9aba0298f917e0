using System.Globalization;
using System.Net;
using System.Security.Authentication;
using System.Text.RegularExpressions;
using System.Xml;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Ebb.Http;
using Ebb.Http.Proxies;
using static Ebb.ObjectStore.ObjectStoreFault;

namespace Ebb.ObjectStore.S3;

/// <summary>Turns failures into messages for people: what failed, why, what to do. Codes: Amazon S3 API reference, Error responses.</summary>
internal sealed partial class S3Faults(ObjectStoreOptions options, string bucket, TimeProvider time)
{
    public ObjectStoreException TimedOut(S3Call call, TimeSpan limit, Exception exception) => new(
        $"{options} did not finish {call} within {limit.TotalSeconds:0} s. Is the server overloaded, or the link too slow?", Unreachable, exception);

    /// <summary>Something else than S3 answered, with a status of success.</summary>
    public ObjectStoreException Foreign(S3Call call, string lack) => new(
        $"{options} answered {call} with 200 and with something that is not S3's: {lack}. The page of a console, a login or a proxy answers like that. Check {options.Section}:Endpoint.", ObjectStoreFault.Protocol);

    public ObjectStoreException Of(Exception exception, S3Call call) => exception switch
    {
        AmazonServiceException { StatusCode: >= HttpStatusCode.MultipleChoices } answer => Answered(answer, call),
        // CompleteMultipartUpload may fail after its status of 200 was sent.
        AmazonServiceException { StatusCode: HttpStatusCode.OK, ErrorCode.Length: > 0 } answer => Answered(answer, call),
        _ when ProxyException.In(exception) is { } proxy => new ObjectStoreException($"{options} could not be asked {call}: {proxy.Message}", Unreachable, exception),
        // Read to its end: a body that is cut is an IOException.
        _ when Find<XmlException>(exception) is not null => Foreign(call, "it is no XML"),
        _ when Find<AuthenticationException>(exception) is { } tls => new ObjectStoreException(
            $"The TLS certificate of {options} is not accepted ({call}): {Sentence(tls)} Set {options.Section}:CaFile to the CA that issued it.", Tls, exception),
        _ => new ObjectStoreException(
            $"{options} does not answer {call}: {Sentence(Innermost(exception))} Check {options.Section}:Endpoint, the network policy and whether the server runs.", Unreachable, exception),
    };

    private ObjectStoreException Answered(AmazonServiceException answer, S3Call call)
    {
        var status = (int)answer.StatusCode;
        var code = string.IsNullOrEmpty(answer.ErrorCode) ? null : Redaction.Text(answer.ErrorCode);
        var (fault, remedy) = Cause(code, status, answer);
        if (OtherRegion(answer) is { } region)
        {
            remedy = $"The server's region is '{region}', and {options.Section}:Region is '{options.Region}': set it to '{region}'.";
        }

        var words = string.IsNullOrWhiteSpace(answer.Message) || fault == CredentialsRefused ? "" : $": {Redaction.Text(answer.Message).TrimEnd('.')}";
        return new ObjectStoreException($"{options} answered {call} with {status}{(code is null ? "" : $" {code}")}{words}. {remedy}", fault, answer) { Code = code, Status = status };
    }

    private (ObjectStoreFault Fault, string Remedy) Cause(string? code, int status, AmazonServiceException answer) => code switch
    {
        "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "ExpiredToken" or "InvalidToken" or "TokenRefreshRequired" or "AuthorizationHeaderMalformed" or "InvalidSecurity" =>
            (CredentialsRefused, $"The credentials are wrong or expired, or {options.Section}:Region '{options.Region}' is not the server's. Check them at the server."),
        "RequestTimeTooSkewed" or "RequestExpired" => (ClockSkew, Clocks(answer)),
        "NoSuchBucket" => (BucketMissing, $"Create the bucket '{bucket}', or correct {options.Section}."),
        "NoSuchKey" => (NotFound, "There is no such object."),
        "NoSuchUpload" => (UploadGone, "Somebody aborted the upload: is a clean-up of stale uploads set shorter than uploads take?"),
        "PreconditionFailed" => (Changed, "The object is no longer the one that was opened."),
        "InvalidRange" => (InvalidRange, "The range begins behind the object's end."),
        "NotImplemented" or "MethodNotAllowed" => (NotSupported, "This server does not know the operation."),
        "QuotaExceeded" or "InsufficientStorage" or "XMinioStorageFull" => (StoreFull, "Free space at the server, or raise the quota."),
        "EntityTooLarge" => (TooLarge, "The server does not take objects of this size."),
        "BadDigest" or "InvalidDigest" => (Corrupt, "What arrived is not what was sent: something between here and the server damages data."),
        "SlowDown" or "ServiceUnavailable" or "TooManyRequests" or "RequestLimitExceeded" => (Overloaded, $"It stayed so after {options.Resilience.MaxRetries} retries. Try later, or give the server more resources."),
        "InternalError" => (ServerError, "The server failed; its log says why."),
        "RequestTimeout" => (Unreachable, "The server waited in vain for data: is the link too slow?"),
        _ => ByStatus(status),
    };

    private (ObjectStoreFault Fault, string Remedy) ByStatus(int status) => status switch
    {
        401 => (CredentialsRefused, "Check the credentials at the server."),
        403 => (AccessDenied, $"Give the access key the right to do this on '{bucket}' (s3:GetObject, PutObject, DeleteObject, ListBucket, AbortMultipartUpload, ListBucketMultipartUploads)."),
        404 => (NotFound, "There is nothing there; without s3:ListBucket a missing bucket looks the same."),
        405 or 501 => (NotSupported, "This server does not know the operation."),
        412 => (Changed, "The object is no longer the one that was opened."),
        413 => (TooLarge, "The server, or a proxy in front of it, does not take bodies of this size."),
        416 => (InvalidRange, "The range begins behind the object's end."),
        429 or 503 => (Overloaded, $"It stayed so after {options.Resilience.MaxRetries} retries. Try later, or give the server more resources."),
        507 => (StoreFull, "Free space at the server, or raise the quota."),
        408 => (Unreachable, "The server waited in vain for data: is the link too slow?"),
        >= 500 => (ServerError, "The server failed; its log says why."),
        >= 300 and < 400 => (ObjectStoreFault.Protocol, $"Redirects are not followed. Is {options.Section}:Endpoint or :Region right?"),
        _ => (Other, "The server does not accept the request as it is."),
    };

    // Amazon S3 API reference, HeadBucket, and Error responses, AuthorizationHeaderMalformed: as a header, and in the words (the SDK keeps the element Region to itself).
    private string? OtherRegion(AmazonServiceException answer)
    {
        var said = Region().Match(Header(answer, "x-amz-bucket-region") is { } header ? $"'{header}'" : answer.Message ?? "");
        return said.Success && said.Groups["region"].Value != options.Region ? said.Groups["region"].Value : null;
    }

    [GeneratedRegex(@"(?:\A|expecting )'(?<region>[A-Za-z0-9_-]{1,40})'", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Region();

    private static string? Header(AmazonServiceException answer, string name) => Find<HttpErrorResponseException>(answer)?.Response is { } response && response.IsHeaderPresent(name) ? response.GetHeaderValue(name) : null;

    private string Clocks(AmazonServiceException answer)
    {
        var server = Header(answer, "Date");
        var known = DateTimeOffset.TryParse(server, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var there);
        return $"This machine says {time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}, the server {(known ? $"{there.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}" : "did not say what time it has")}. Set the wrong clock right (NTP).";
    }

    private static T? Find<T>(Exception? exception)
        where T : Exception
    {
        while (exception is not (null or T))
        {
            exception = exception.InnerException;
        }

        return (T?)exception;
    }

    private static Exception Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception;
    }

    private static string Sentence(Exception exception) => Redaction.Text(exception.Message).TrimEnd('.') + ".";
}
