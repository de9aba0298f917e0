using System.Globalization;
using System.Net;
using System.Text;
using Ebb.Http;
using Ebb.Http.Proxies;

namespace Ebb.GitHosts.Transport;

/// <summary>Turns failures into messages for people: what failed, why, what to do.</summary>
internal static class HostFaults
{
    private const int MaxWords = 300;

    public static GitHostException Of(Exception exception, HostRequest request, HostTransport host)
    {
        if (exception is ProxyException)
        {
            return new GitHostException($"{host.Description} could not be asked {request}: {exception.Message}", GitHostFault.Unreachable, exception);
        }

        var words = $"{Innermost(exception).TrimEnd('.')}.";
        return exception is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }
            ? new GitHostException($"The TLS certificate of {host.Description} is not accepted ({request}): {words} Set Git:Hosts:{host.Name}:CaFile to the CA that issued it.", GitHostFault.Tls, exception)
            : new GitHostException($"{host.Description} does not answer {request}: {words} Check Git:Hosts:{host.Name}:Address, the network policy and whether it runs.", GitHostFault.Unreachable, exception);
    }

    public static GitHostException Of(HostReply reply, HostRequest request, HostTransport host, TimeProvider time)
    {
        var (fault, remedy) = Cause(reply, host);
        return new GitHostException($"{host.Description} answered {request} with {(int)reply.Status}{Words(reply)}. {remedy}", fault)
        {
            Status = reply.Status,
            RetryAfter = fault == GitHostFault.RateLimited ? Wait(reply, time) : null,
        };
    }

    private static (GitHostFault Fault, string Remedy) Cause(HostReply reply, HostTransport host) => reply.Status switch
    {
        HttpStatusCode.TooManyRequests => (GitHostFault.RateLimited, "It limits the rate; ask less often or raise the limit."),
        // GitHub Docs, Rate limits for the REST API, "Exceeding the rate limit": 403 or 429, primary and secondary limits.
        HttpStatusCode.Forbidden when IsRateLimit(reply) => (GitHostFault.RateLimited, "It limits the rate of this token."),
        HttpStatusCode.Unauthorized or HttpStatusCode.NonAuthoritativeInformation => (GitHostFault.Denied, $"The token is wrong or has expired: renew what Git:Hosts:{host.Name} names."),
        HttpStatusCode.Forbidden => (GitHostFault.Denied, "The token lacks a right; the host's guide in infra/docs/git-hosts names those it needs."),
        HttpStatusCode.NotFound or HttpStatusCode.Gone => (GitHostFault.NotFound, "It is not there, or the token may not see it: hosts answer both alike."),
        HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed => (GitHostFault.Conflict, "Somebody else changed it meanwhile."),
        >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout => (GitHostFault.ServerError, "It failed; its status page or log says why."),
        // Azure DevOps sends browsers, and tokens it does not accept, to its sign-in page.
        HttpStatusCode.Found when reply.Headers.Location?.OriginalString.Contains("_signin", StringComparison.OrdinalIgnoreCase) is true =>
            (GitHostFault.Denied, $"The token is not accepted: renew what Git:Hosts:{host.Name} names."),
        >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => (GitHostFault.Protocol, "Redirects to other servers are not followed, for the token would go along. Is the address right?"),
        >= HttpStatusCode.BadRequest => (GitHostFault.InvalidRequest, "It does not accept the request as it is."),
        _ => (GitHostFault.Protocol, "That is no answer of this API. Is the address right?"),
    };

    private static bool IsRateLimit(HostReply reply) =>
        reply.Header("Retry-After") is not null || reply.Header("x-ratelimit-remaining") == "0";

    private static TimeSpan? Wait(HostReply reply, TimeProvider time)
    {
        var now = time.GetUtcNow();
        if (reply.Headers.RetryAfter is { } after)
        {
            return NotNegative(after.Delta ?? after.Date - now);
        }

        var reset = reply.Header("x-ratelimit-reset") ?? reply.Header("RateLimit-Reset");
        return long.TryParse(reset, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? NotNegative(DateTimeOffset.FromUnixTimeSeconds(seconds) - now)
            : null;
    }

    private static TimeSpan? NotNegative(TimeSpan? wait) => wait < TimeSpan.Zero ? TimeSpan.Zero : wait;

    private static string Words(HostReply reply)
    {
        if (reply.Body.Length == 0 || reply.MediaType is not { } type || !type.Contains("json", StringComparison.Ordinal))
        {
            return "";
        }

        var text = Redaction.Text(Encoding.UTF8.GetString(reply.Body.AsSpan(0, Math.Min(reply.Body.Length, 2 * MaxWords))));
        return $": {(text.Length > MaxWords ? $"{text[..MaxWords]}…" : text)}";
    }

    private static string Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception.Message;
    }
}
