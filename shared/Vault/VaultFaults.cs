using System.Net;
using System.Text.Json;
using Ebb.Http;
using Ebb.Http.Proxies;

namespace Ebb.Vault;

/// <summary>Turns failures into messages for people: what failed, why, what to do.</summary>
internal static class VaultFaults
{
    private const int MaxErrors = 5;

    // Vault's own statuses: disaster recovery secondary and performance standby (Vault API, /sys/health).
    private const HttpStatusCode RecoverySecondary = (HttpStatusCode)472;
    private const HttpStatusCode PerformanceStandby = (HttpStatusCode)473;

    public static VaultException Of(HttpRequestException exception, VaultRequest request, VaultOptions options) => exception switch
    {
        ProxyException => new VaultException($"{options} could not be asked {request}: {exception.Message}", VaultFault.Unreachable, exception),
        { HttpRequestError: HttpRequestError.SecureConnectionError } => new VaultException(
            $"The TLS certificate of {options} is not accepted ({request}): {Innermost(exception)} Set Vault:CaFile to the CA that issued it.", VaultFault.Tls, exception),
        _ => new VaultException(
            $"{options} does not answer {request}: {Innermost(exception)} Check Vault:Address, the network policy and whether the server runs.", VaultFault.Unreachable, exception),
    };

    public static VaultException Of(HttpResponseMessage response, byte[] body, VaultRequest request, VaultOptions options)
    {
        var errors = Errors(body);
        var (fault, remedy) = IsForeign(response.StatusCode, body)
            ? (VaultFault.Protocol, "That is no answer of Vault but of something else at this address or before it. Is Vault:Address right?")
            : Cause(response.StatusCode, errors, request);
        var words = errors.Count == 0 ? "" : ": " + string.Join("; ", errors).TrimEnd('.');
        return new VaultException($"{options} answered {request} with {(int)response.StatusCode}{words}. {remedy}", fault)
        {
            Status = response.StatusCode,
            Errors = errors,
            Body = fault == VaultFault.NotFound ? body : default,
        };
    }

    private static (VaultFault Fault, string Remedy) Cause(HttpStatusCode status, IReadOnlyList<string> errors, VaultRequest request) => status switch
    {
        HttpStatusCode.ServiceUnavailable when Says(errors, "no active Vault instance") || Says(errors, "node is not active") => (VaultFault.Standby, "The cluster has no active server at the moment."),
        HttpStatusCode.ServiceUnavailable when Says(errors, "sealed") => (VaultFault.Sealed, "The server is sealed. Unseal it."),
        HttpStatusCode.InternalServerError when Says(errors, "active cluster node not found") => (VaultFault.Standby, "The cluster has no active server at the moment."),
        HttpStatusCode.BadRequest when Says(errors, "did not match the current version") || Says(errors, "does not match the current version") => (VaultFault.VersionConflict, "Somebody wrote meanwhile. Read it again."),
        HttpStatusCode.BadRequest when Says(errors, "metadata check-and-set parameter required") => (VaultFault.CheckAndSetRequired, "The engine demands it (metadata_cas_required): say which version of the metadata is replaced, which takes the capability 'read' on it."),
        HttpStatusCode.BadRequest when Says(errors, "check-and-set parameter required") => (VaultFault.CheckAndSetRequired, "Say which version is replaced."),
        HttpStatusCode.RequestEntityTooLarge => (VaultFault.TooLarge, "The server takes less at once (max_request_size, 32 MiB by default, or its storage's limit)."),
        _ when Says(errors, "value being too large") => (VaultFault.TooLarge, "The server's storage takes smaller values only (1 MiB in Raft unless max_entry_size says otherwise)."),
        HttpStatusCode.PreconditionFailed => (VaultFault.Behind, "The node lags behind what this token wrote elsewhere. Try again."),
        HttpStatusCode.NotImplemented => (VaultFault.NotInitialized, "The server is not initialised."),
        RecoverySecondary or PerformanceStandby => (VaultFault.Standby, "The server is a standby. Set Vault:Address to the active server or to the service that leads there."),
        >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => (VaultFault.Standby, "Redirects are not followed, for the token would go along. Set Vault:Address to the active server."),
        HttpStatusCode.TooManyRequests => (VaultFault.RateLimited, "The server limits this client's rate (a quota), or is a standby. Raise the quota or ask less often."),
        HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized => (VaultFault.Denied, $"Give the token's policy the capability {Capability(request)} on {PolicyPath(request)}."),
        HttpStatusCode.NotFound => (VaultFault.NotFound, $"Is the engine mounted and the name right? Nothing is at {request.Path}, or the token may not see it."),
        >= HttpStatusCode.InternalServerError => (VaultFault.ServerError, "The server failed; its log says why."),
        >= HttpStatusCode.BadRequest => (VaultFault.InvalidRequest, "The server does not accept the request as it is."),
        _ => (VaultFault.Protocol, "That is no answer of Vault. Is Vault:Address right?"),
    };

    // Vault's own refusals hold errors, or a deleted version's data, or nothing at all where a PATCH finds nothing.
    private static bool IsForeign(HttpStatusCode status, byte[] body) =>
        status is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound
        && !body.AsSpan().Trim(" \t\r\n"u8).IsEmpty && !IsVaults(body);

    private static bool IsVaults(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && (root.TryGetProperty("errors"u8, out _) || root.TryGetProperty("data"u8, out _));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Capability(VaultRequest request) => request.Method.Method switch
    {
        "GET" => "'read'",
        "DELETE" => "'delete'",
        "PATCH" => "'patch'",
        "LIST" => "'list'",
        _ => "'update' (and 'create', where nothing is yet)",
    };

    private static string PolicyPath(VaultRequest request) => Uri.UnescapeDataString(request.Path.Split('?')[0]);

    private static bool Says(IReadOnlyList<string> errors, string word) => errors.Any(error => error.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static IReadOnlyList<string> Errors(byte[] body)
    {
        try
        {
            var errors = JsonSerializer.Deserialize(body, VaultJson.Default.ErrorAnswer)?.Errors ?? [];
            return [.. errors.Where(error => !string.IsNullOrWhiteSpace(error)).Take(MaxErrors).Select(Redaction.Text).Select(text => text.Trim())];
        }
        catch (JsonException)
        {
            // A proxy's page: its status is all that is said.
            return [];
        }
    }

    private static string Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception.Message.TrimEnd('.') + ".";
    }
}
