using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ebb.TestServers.Vault;

/// <summary>
/// A stand-in of Vault that speaks its HTTP API with state: logins, leases, policies, transit keys, the seal. Strict: what Vault
/// refuses is refused here with the same status and message (https://developer.hashicorp.com/vault/api-docs).
/// </summary>
public sealed class VaultServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<VaultFailure> _failures = new();

    private VaultServer(WebApplication app, TimeProvider time)
    {
        _app = app;
        Tokens = new VaultTokenStore(time);
        Auth = new VaultAuthMethods(Tokens);
        Transit = new VaultTransitEngine(time);
    }

    /// <summary>Where it listens: <c>http://127.0.0.1:&lt;port&gt;</c>.</summary>
    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public VaultTokenStore Tokens { get; }

    public VaultAuthMethods Auth { get; }

    public VaultTransitEngine Transit { get; }

    public bool Sealed { get; set; }

    public bool Standby { get; set; }

    /// <summary>When set, requests of another namespace are refused.</summary>
    public string? Namespace { get; set; }

    /// <summary>Every request, <c>METHOD /path</c>, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public static async Task<VaultServer> StartAsync(TimeProvider? time = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = new VaultServer(builder.Build(), time ?? TimeProvider.System);
        server._app.Run(server.HandleAsync);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Answers the next requests with a failure, one for each.</summary>
    public void FailNext(int status, string? error = null, int times = 1, string? retryAfter = null)
    {
        for (var i = 0; i < times; i++)
        {
            _failures.Enqueue(new VaultFailure(status, error, retryAfter));
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        Requests.Enqueue($"{context.Request.Method} {context.Request.Path}");
        var answer = _failures.TryDequeue(out var failure) ? failure.Answer(context.Response) : await AnswerAsync(context.Request);
        await answer.WriteAsync(context.Response);
    }

    private async Task<VaultAnswer> AnswerAsync(HttpRequest request)
    {
        var path = request.Path.Value ?? "";
        if (!path.StartsWith("/v1/", StringComparison.Ordinal))
        {
            return VaultAnswer.NotFound;
        }

        path = path["/v1/".Length..];
        if (path == "sys/health")
        {
            return VaultHealthEndpoint.Answer(request.Query, Sealed, Standby);
        }

        if (Sealed)
        {
            return VaultAnswer.Error(503, "Vault is sealed");
        }

        if (Namespace is not null && request.Headers["X-Vault-Namespace"] != Namespace)
        {
            return VaultAnswer.Error(403, "permission denied");
        }

        // Vault (with require_request_header, and its agents always) refuses requests a browser could be made to send.
        if (request.Headers["X-Vault-Request"] != "true")
        {
            return VaultAnswer.Error(412, "missing required 'X-Vault-Request' header");
        }

        var body = await VaultBody.ReadAsync(request);
        return body is null ? VaultAnswer.Error(400, "failed to parse JSON input: invalid character") : Answer(request, path, body);
    }

    private VaultAnswer Answer(HttpRequest request, string path, VaultBody body)
    {
        if (Auth.TryAnswer(request.Method, path, body) is { } login)
        {
            return login;
        }

        if (Tokens.Find(request.Headers["X-Vault-Token"]) is not { } token)
        {
            return VaultAnswer.Error(403, "permission denied");
        }

        if (Tokens.TryAnswer(request.Method, path, token) is { } own)
        {
            return own;
        }

        var capability = request.Method switch { "GET" => "read", "DELETE" => "delete", _ => "update" };
        return token.Allows(path, capability)
            ? Transit.Answer(request.Method, path, body)
            : VaultAnswer.Error(403, "1 error occurred:\n\t* permission denied\n\n");
    }
}
