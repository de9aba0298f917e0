using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.AzureKeyVault;

/// <summary>
/// The login server's client credentials flow with a secret or a federated token
/// (https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow).
/// </summary>
public sealed class EntraTokens
{
    public const string Host = "login.microsoftonline.com";
    public const string Tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47";
    private readonly HashSet<string> _tokens = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private int _logins;

    public string ClientId { get; set; } = "fad7d5b3-69d6-4b48-9259-8d12124e1cf1";

    public string ClientSecret { get; set; } = "a-client-secret";

    /// <summary>The pod's token that is accepted in place of the secret.</summary>
    public string FederatedToken { get; set; } = "header.payload.signature";

    /// <summary>Logins that succeeded.</summary>
    public int Logins => _logins;

    public void RevokeAll()
    {
        lock (_gate)
        {
            _tokens.Clear();
        }
    }

    internal bool Accepts(string? authorization)
    {
        lock (_gate)
        {
            return authorization?.StartsWith("Bearer ", StringComparison.Ordinal) is true && _tokens.Contains(authorization["Bearer ".Length..]);
        }
    }

    internal async Task AnswerAsync(HttpContext context)
    {
        var (status, body) = (context.Request.Method, context.Request.Path.Value) switch
        {
            ("GET", "/common/discovery/instance") => (200, Discovery()),
            ("POST", $"/{Tenant}/oauth2/v2.0/token") => Login(await context.Request.ReadFormAsync()),
            _ => (404, new JsonObject { ["error"] = "not_found" }),
        };
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(body.ToJsonString());
    }

    private static JsonObject Discovery() => new()
    {
        ["tenant_discovery_endpoint"] = $"https://{Host}/{Tenant}/v2.0/.well-known/openid-configuration",
        ["api-version"] = "1.1",
        ["metadata"] = new JsonArray(new JsonObject { ["preferred_network"] = Host, ["preferred_cache"] = "login.windows.net", ["aliases"] = new JsonArray(Host, "login.windows.net") }),
    };

    private (int Status, JsonObject Body) Login(IFormCollection form)
    {
        var proven = form["client_secret"] == ClientSecret
            || (form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" && form["client_assertion"] == FederatedToken);
        if (form["grant_type"] != "client_credentials" || form["scope"] != "https://vault.azure.net/.default")
        {
            return (400, Error("invalid_request", "AADSTS900144: The request body must contain the following parameter: 'scope'."));
        }

        if (form["client_id"] != ClientId || !proven)
        {
            return (401, Error("invalid_client", "AADSTS7000215: Invalid client secret provided."));
        }

        var token = $"eyJ0eXAiOiJKV1Qi.{Guid.NewGuid():N}.{Guid.NewGuid():N}";
        lock (_gate)
        {
            _tokens.Add(token);
        }

        Interlocked.Increment(ref _logins);
        return (200, new JsonObject { ["token_type"] = "Bearer", ["expires_in"] = 3599, ["ext_expires_in"] = 3599, ["access_token"] = token });
    }

    private static JsonObject Error(string error, string description) => new() { ["error"] = error, ["error_description"] = description, ["error_codes"] = new JsonArray(7000215) };
}
