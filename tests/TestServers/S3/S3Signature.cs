using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Ebb.TestServers.S3;

/// <summary>Verifies AWS Signature Version 4 in the Authorization header (Amazon S3 API reference, Authenticating requests: using the Authorization header).</summary>
internal static class S3Signature
{
    private static readonly TimeSpan AllowedSkew = TimeSpan.FromMinutes(15);

    public static void Verify(HttpRequest request, byte[] body, IReadOnlyDictionary<string, string> keys, string? region, TimeProvider time)
    {
        var fields = Fields(request.Headers.Authorization.ToString());
        var scope = fields["Credential"].Split('/');
        if (!keys.TryGetValue(scope[0], out var secret))
            throw new S3Error(403, "InvalidAccessKeyId", "The AWS access key Id you provided does not exist in our records.");
        if (region is not null && scope[2] != region)
            throw new S3Error(400, "AuthorizationHeaderMalformed", $"The authorization header is malformed; the region '{scope[2]}' is wrong; expecting '{region}'") { Region = region };
        var date = request.Headers["x-amz-date"].ToString();
        VerifyTime(date, time);
        VerifyPayload(request, body);
        var names = fields["SignedHeaders"].Split(';');
        if (!names.Contains("host") || request.Headers.Keys.Any(name => name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase) && !names.Contains(name.ToLowerInvariant())))
            throw new S3Error(403, "AccessDenied", "There were headers present in the request which were not signed.");
        var toSign = $"AWS4-HMAC-SHA256\n{date}\n{string.Join('/', scope[1..])}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(Canonical(request, names))))}";
        var key = scope[1..].Aggregate(Encoding.UTF8.GetBytes("AWS4" + secret), (key, part) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part)));
        if (Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign))) != fields["Signature"])
            throw new S3Error(403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided.");
    }

    private static Dictionary<string, string> Fields(string authorization)
    {
        const string algorithm = "AWS4-HMAC-SHA256 ";
        if (!authorization.StartsWith(algorithm, StringComparison.Ordinal))
            throw new S3Error(403, "AccessDenied", "Access Denied");
        var fields = authorization[algorithm.Length..].Split(',').Select(field => field.Trim().Split('=', 2)).ToDictionary(field => field[0], field => field[1], StringComparer.Ordinal);
        return fields.Keys.Order(StringComparer.Ordinal).SequenceEqual(["Credential", "Signature", "SignedHeaders"]) && fields["Credential"].Split('/').Length == 5
            ? fields
            : throw new S3Error(400, "AuthorizationHeaderMalformed", "The authorization header is malformed.");
    }

    private static void VerifyTime(string date, TimeProvider time)
    {
        if (!DateTimeOffset.TryParseExact(date, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var sent))
            throw new S3Error(403, "AccessDenied", "AWS authentication requires a valid Date or x-amz-date header");
        if ((time.GetUtcNow() - sent).Duration() > AllowedSkew)
            throw new S3Error(403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.");
    }

    private static void VerifyPayload(HttpRequest request, byte[] body)
    {
        var claimed = request.Headers["x-amz-content-sha256"].ToString();
        if (claimed != "UNSIGNED-PAYLOAD" && claimed != Hex(SHA256.HashData(body)))
            throw new S3Error(400, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.");
        if (claimed == "UNSIGNED-PAYLOAD" && !request.IsHttps)
            throw new S3Error(400, "InvalidRequest", "An unsigned payload needs HTTPS.");
        if (request.Headers.ContentMD5 is { Count: > 0 } md5 && md5.ToString() != Convert.ToBase64String(S3State.Md5(body)))
            throw new S3Error(400, "BadDigest", "The Content-MD5 you specified did not match what we received.");
    }

    private static string Canonical(HttpRequest request, string[] names)
    {
        var target = request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?', 2);
        var query = target.ElementAtOrDefault(1)?.Split('&').Select(pair => pair.Contains('=', StringComparison.Ordinal) ? pair : pair + "=").Order(StringComparer.Ordinal);
        var headers = names.Select(name => $"{name}:{request.Headers[name].ToString().Trim()}\n");
        return $"{request.Method}\n{target[0]}\n{(query is null ? "" : string.Join('&', query))}\n{string.Concat(headers)}\n{string.Join(';', names)}\n{request.Headers["x-amz-content-sha256"]}";
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
