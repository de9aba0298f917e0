using System.Net;
using System.Security.Authentication;
using Ebb.Http;
using Ebb.Http.Proxies;

namespace Ebb.Oci.Transport;

/// <summary>Names the causes of failures and what to do about them.</summary>
internal static class RegistryErrors
{
    public static RegistryException FromTransport(HttpRequestException e, string what, Uri uri)
    {
        if (e is ProxyException proxy)
        {
            return Create($"{what}: {proxy.Cause}.", RegistryFault.Unreachable, e, proxy.Remedy);
        }

        if (e.HttpRequestError == HttpRequestError.SecureConnectionError || e.InnerException is AuthenticationException)
        {
            return Create($"{what}: TLS with {uri.Authority} failed: {Redaction.Text((e.InnerException ?? e).Message)}", RegistryFault.Tls, e,
                "Give the CA in Registries:<n>:CaFile, or set Registries:<n>:PlainHttp if this registry speaks plain HTTP.");
        }

        return e.HttpRequestError == HttpRequestError.NameResolutionError
            ? Create($"{what}: the host name {uri.Host} is unknown", RegistryFault.Unreachable, e, "Correct the name, or the DNS of this network.")
            : Create($"{what}: {uri.Authority} cannot be reached: {Redaction.Text(e.Message)}", RegistryFault.Unreachable, e,
                "Check that the registry runs and that the network (policies, proxy) lets this process reach it.");
    }

    public static async Task<RegistryException> FromTokenServerAsync(
        string registry, Uri realm, HttpResponseMessage response, bool withCredential, TimeProvider time, CancellationToken cancellationToken)
    {
        var body = await ErrorBody.ReadAsync(response, time, cancellationToken);
        var what = $"The login to {registry} at its token server {realm.Authority}";
        return response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest
            ? Create(what, response, body, RegistryFault.Unauthorized,
                withCredential ? "user name and password are not accepted" : "no credentials are configured and anonymous access is not allowed",
                $"Set or correct the credentials of {registry} (Registries:<n>:Username and PasswordFile, or docker login).")
            : FromResponse(what, registry, response, body, time);
    }

    public static RegistryException FromResponse(string what, string registry, HttpResponseMessage response, ErrorBody body, TimeProvider time)
    {
        var (fault, cause, remedy) = FromCode(registry, response, body, time) ?? FromStatus(registry, response);
        return Create(what, response, body, fault, cause, remedy);
    }

    public static RegistryException ProjectMissing(string what, string project, string registry, HttpStatusCode? status = null) =>
        new($"{what}: the project '{project}' does not exist in Harbor at {registry}", RegistryFault.ProjectMissing)
        {
            Status = status,
            Remedy = "Create the project in Harbor, or name one that is there.",
        };

    private static (RegistryFault Fault, string Cause, string Remedy)? FromCode(string registry, HttpResponseMessage response, ErrorBody body, TimeProvider time)
    {
        if (response.StatusCode == HttpStatusCode.TooManyRequests || body.Has("TOOMANYREQUESTS"))
        {
            var wait = RetryAfter.Of(response, time);
            var when = wait is { } w ? $" It may be asked again at {time.GetUtcNow() + w:yyyy-MM-dd HH:mm:ss}Z." : "";
            return (RegistryFault.RateLimited, "too many requests, the registry's rate limit is used up." + when, "Wait, log in with an account that has a higher limit, or lower MaxConcurrentRequests.");
        }

        if (body.Says("immutable") || body.Has("TAG_IMMUTABLE"))
        {
            return (RegistryFault.ImmutableTag, "the tag is immutable and points elsewhere", "Delete the tag's immutability rule, or mirror under another tag.");
        }

        if (body.Has("PROJECTPOLICYVIOLATION"))
        {
            return (RegistryFault.PolicyViolation, "a policy of the project (content trust or vulnerabilities) forbids it", "Sign or repair the image, or exempt this account from the policy in the project's configuration.");
        }

        if (body.Says("will exceed the configured upper limit") || body.Says("quota"))
        {
            return (RegistryFault.QuotaExceeded, "the project's storage quota is used up", "Raise the project's quota, or delete what is no longer needed and collect garbage.");
        }

        // Before DIGEST_INVALID: a registry that is just writing a blob's link reads it as an invalid digest and names both.
        if (body.Has("MANIFEST_BLOB_UNKNOWN"))
        {
            return (RegistryFault.ContentMissing, "the registry does not have what the manifest names, though it was brought", "Mirror the image again; if it stays, the registry loses content: does its garbage collection run beside writers?");
        }

        if (body.Has("DIGEST_INVALID") || body.Has("SIZE_INVALID"))
        {
            return (RegistryFault.WrongContent, "the registry received content that does not match its digest or length", "Try again; if it stays, something between here and the registry alters content.");
        }

        return response.StatusCode == HttpStatusCode.InsufficientStorage || body.Says("no space left on device")
            ? (RegistryFault.StorageFull, "the registry's storage is full", $"Free or add storage at {registry}.")
            : null;
    }

    private static (RegistryFault Fault, string Cause, string Remedy) FromStatus(string registry, HttpResponseMessage response) => response.StatusCode switch
    {
        HttpStatusCode.Unauthorized => (RegistryFault.Unauthorized, "the registry does not accept the login, or this account may not see the repository",
            $"Set or correct the credentials of {registry} (Registries:<n>:Username and PasswordFile, or docker login), and check the repository's name."),
        HttpStatusCode.Forbidden => (RegistryFault.Denied, "this account may not do this", $"Give the account (for Harbor: the project's robot) the right to pull and push at {registry}."),
        HttpStatusCode.NotFound => (RegistryFault.NotFound, "the registry does not have it", "Check the name, tag or digest."),
        HttpStatusCode.PreconditionFailed => (RegistryFault.PolicyViolation, "a rule of the registry forbids it", "Ask the registry's administrator which rule it is."),
        HttpStatusCode.RequestEntityTooLarge => (RegistryFault.Other, "it is larger than the registry, or a proxy before it, allows", "Raise the proxy's limit for request bodies."),
        >= HttpStatusCode.InternalServerError => (RegistryFault.ServerError, "the registry failed, also when asked again", $"See the log of {registry}; the next run tries again."),
        _ => (RegistryFault.Protocol, "the registry gave an unexpected answer", "Check that the address is a registry's and that its version is current."),
    };

    private static RegistryException Create(string what, HttpResponseMessage response, ErrorBody body, RegistryFault fault, string cause, string remedy)
    {
        var said = body.Text.Length > 0 ? $" It says: {body.Text}" : "";
        var codes = body.Codes.Count > 0 ? " " + string.Join(", ", body.Codes) : "";
        return new RegistryException($"{what}: {cause.TrimEnd('.')} ({(int)response.StatusCode}{codes}).{said}", fault)
        {
            Remedy = remedy,
            Status = response.StatusCode,
            Codes = body.Codes,
        };
    }

    private static RegistryException Create(string message, RegistryFault fault, Exception inner, string remedy) =>
        new(message, fault, inner) { Remedy = remedy };
}
