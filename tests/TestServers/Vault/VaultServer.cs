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
/// A stand-in of Vault that speaks its HTTP API with state: logins, leases, policies, secrets with versions, transit keys, the seal. Strict: what Vault
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
        Mounts = new VaultMounts(time);
    }

    /// <summary>Where it listens: <c>http://127.0.0.1:&lt;port&gt;</c>.</summary>
    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public VaultTokenStore Tokens { get; }

    public VaultAuthMethods Auth { get; }

    public VaultTransitEngine Transit { get; }

    public VaultMounts Mounts { get; }

    public VaultSealState Seal { get; } = new();

    public bool Sealed
    {
        get => Seal.IsSealed;
        set => Seal.Set(value);
    }

    /// <summary>Another member is active. Requests are forwarded (answered here) unless <see cref="Forwards"/> is off.</summary>
    public bool Standby { get; set; }

    /// <summary>Off: a standby leads requests to <see cref="ActiveAddress"/> by 307, or answers 503 while there is none.</summary>
    public bool Forwards { get; set; } = true;

    public string? ActiveAddress { get; set; }

    /// <summary>Every connection is cut before an answer.</summary>
    public bool Down { get; set; }

    /// <summary>When set, requests of another namespace are refused.</summary>
    public string? Namespace { get; set; }

    /// <summary>Called with each request, before it is answered.</summary>
    public Action? Requested { get; set; }

    /// <summary>What each request passes through; calls its second argument to have it answered.</summary>
    public Func<HttpContext, Func<Task>, Task>? Around { get; set; }

    /// <summary>Every request, <c>METHOD /path</c>, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public static async Task<VaultServer> StartAsync(TimeProvider? time = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = new VaultServer(builder.Build(), time ?? TimeProvider.System);
        server._app.Run(context => server.Around is { } around ? around(context, () => server.HandleAsync(context)) : server.HandleAsync(context));
        await server._app.StartAsync();
        return server;
    }

    /// <summary>The key-value engine at a mount; mounted at the first use.</summary>
    public VaultKeyValueEngine KeyValue(string mount = "kvv2") => Mounts.KeyValue(mount);

    /// <summary>How many requests begin with this text: <c>GET /v1/kvv2/</c>; an empty one counts all.</summary>
    public int Count(string request = "") => Requests.Count(made => made.StartsWith(request, StringComparison.Ordinal));

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
        Requested?.Invoke();
        if (Down)
        {
            context.Abort();
            return;
        }

        var answer = _failures.TryDequeue(out var failure) ? failure.Answer(context.Response) : await AnswerAsync(context);
        await answer.WriteAsync(context.Response);
    }

    private async Task<VaultAnswer> AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        var path = request.Path.Value ?? "";
        if (!path.StartsWith("/v1/", StringComparison.Ordinal))
        {
            return VaultAnswer.NotFound;
        }

        path = path["/v1/".Length..];
        if (path == "sys/health")
        {
            return VaultHealthEndpoint.Answer(request.Query, Seal, Standby);
        }

        var body = await VaultBody.ReadAsync(request);
        if (body is null)
        {
            return VaultAnswer.Error(400, "failed to parse JSON input: invalid character");
        }

        return Seal.TryAnswer(request.Method, path, body) ?? Refusal(context, path) ?? Answer(request, path, body);
    }

    // What is looked at before a token is.
    private VaultAnswer? Refusal(HttpContext context, string path)
    {
        if (Sealed || !Seal.Initialized)
        {
            return VaultAnswer.Error(503, "Vault is sealed");
        }

        if (Standby && !Forwards)
        {
            context.Response.Headers.Location = ActiveAddress is null ? default : $"{ActiveAddress}/v1/{path}";
            return ActiveAddress is null ? VaultAnswer.Error(503, "no active Vault instance found") : new VaultAnswer(307, null);
        }

        if (Namespace is not null && context.Request.Headers["X-Vault-Namespace"] != Namespace)
        {
            return VaultAnswer.Error(403, "permission denied");
        }

        // Vault (with require_request_header, and its agents always) refuses requests a browser could be made to send.
        return context.Request.Headers["X-Vault-Request"] != "true" ? VaultAnswer.Error(412, "missing required 'X-Vault-Request' header") : null;
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

        return Tokens.TryAnswer(request.Method, path, token) ?? Mounts.TryAnswer(request.Method, path, token) ?? Engine(request, path, token, body);
    }

    // A list is asked for by LIST or by GET with list=true; its path ends with a slash (http/logical.go).
    private VaultAnswer Engine(HttpRequest request, string path, VaultServerToken token, VaultBody body)
    {
        var method = request.Method == "GET" && request.Query["list"] == "true" ? "LIST" : request.Method;
        path = method == "LIST" && !path.EndsWith('/') ? path + "/" : path;
        var found = Mounts.Find(path);
        var capability = found is { } mounted
            ? mounted.Engine.Capability(method, mounted.Path)
            : method switch { "GET" => "read", "LIST" => "list", "DELETE" => "delete", "PATCH" => "patch", _ => "update" };
        if (!token.Allows(path, capability))
        {
            return VaultAnswer.Error(403, "1 error occurred:\n\t* permission denied\n\n");
        }

        return found is var (engine, rest)
            ? engine.Answer(method, rest, request.Query["version"], request.ContentType, body)
            : Transit.Answer(request.Method, path, body);
    }
}
