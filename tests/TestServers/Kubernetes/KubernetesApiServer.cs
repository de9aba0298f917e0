using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ebb.TestServers.Kubernetes.Endpoints;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ebb.TestServers.Kubernetes;

/// <summary>
/// A stand-in of the Kubernetes API server, 1.32, that speaks its HTTP API with state: types with schemas, server-side apply with
/// owners, versions, watches, finalizers, namespaces that end, owners and quotas, rights for each token. Strict: what the API server
/// refuses is refused here with the same status and words (https://kubernetes.io/docs/reference/using-api/api-concepts/).
/// It does not schedule, run webhooks, count CPU and memory, or check the rules in CEL of custom resources.
/// </summary>
public sealed class KubernetesApiServer : IAsyncDisposable
{
    private const int MaxBodyBytes = 3 * 1024 * 1024;
    private readonly WebApplication _app;
    private readonly WatchEndpoint _watches;
    private readonly ConcurrentQueue<RecordedCall> _calls = new();
    private readonly ConcurrentQueue<ApiFault> _faults = new();

    private KubernetesApiServer(WebApplication app, TimeProvider time)
    {
        _app = app;
        Cluster = new Cluster(time);
        _watches = new WatchEndpoint(Cluster, time);
    }

    /// <summary>Where it listens: <c>http://127.0.0.1:&lt;port&gt;</c>, or <c>https://localhost:&lt;port&gt;</c>.</summary>
    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First().Replace("https://127.0.0.1", "https://localhost", StringComparison.Ordinal);

    /// <summary>What it holds.</summary>
    public Cluster Cluster { get; }

    /// <summary>Who may do what.</summary>
    public ApiAccess Access { get; } = new();

    /// <summary>What each request passes through; calls its second argument to have it answered.</summary>
    public Func<HttpContext, Func<Task>, Task>? Around { get; set; }

    /// <summary>Every request, in the order of the answers; a watch when it is opened.</summary>
    public IReadOnlyCollection<RecordedCall> Calls => _calls;

    /// <summary>Every request that changed something.</summary>
    public IEnumerable<RecordedCall> Writes => _calls.Where(call => call.Wrote);

    /// <summary>How many watches are open.</summary>
    public int OpenWatches => _watches.Open;

    /// <summary>Starts a server.</summary>
    /// <param name="tls">With HTTPS, and client certificates where they are shown; null: HTTP.</param>
    /// <param name="time">Its clock.</param>
    public static async Task<KubernetesApiServer> StartAsync(ApiTls? tls = null, TimeProvider? time = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.Limits.MaxRequestBodySize = MaxBodyBytes;
            options.Listen(System.Net.IPAddress.Loopback, 0, listen => tls?.Configure(listen));
        });
        if (tls is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        builder.Logging.ClearProviders();
        var server = new KubernetesApiServer(builder.Build(), time ?? TimeProvider.System);
        server._app.Run(context => server.Around is { } around ? around(context, () => server.HandleAsync(context)) : server.HandleAsync(context));
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Lets matching requests fail.</summary>
    public ApiFault Fail(ApiFault fault)
    {
        _faults.Enqueue(fault);
        return fault;
    }

    /// <summary>Ends every open watch, by the book or by breaking the connections.</summary>
    public void EndWatches(bool cut = false) => _watches.EndAll(cut);

    /// <summary>Sends a bookmark to every open watch now.</summary>
    public void SendBookmarks() => _watches.Bookmark();

    public void ForgetCalls() => _calls.Clear();

    public async ValueTask DisposeAsync()
    {
        _watches.EndAll(cut: false);
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        _watches.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var user = "";
        ApiRequest? request = null;
        try
        {
            user = Access.Authenticate(context);
            request = ApiRequest.TryParse(context.Request, Cluster.Resources);
            if (request is null)
            {
                await OtherAsync(context, user);
                return;
            }

            var fault = _faults.FirstOrDefault(fault => fault.TryTake(Call(request, user, 0, false)));
            if (fault is { After: false })
            {
                await fault.Play(context);
                if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
                {
                    Record(request, user, context.Response.StatusCode, wrote: false);
                    return;
                }
            }

            await ServeAsync(context, request, user, fault);
        }
        catch (ApiException failure)
        {
            Record(request, user, failure.Code, wrote: false);
            await WriteAsync(context, failure.Code, failure.ToStatus());
        }
    }

    private async Task ServeAsync(HttpContext context, ApiRequest request, string user, ApiFault? lost)
    {
        if (request.Resource is null)
        {
            await NotFoundAsync(context, request, user);
            return;
        }

        Access.Authorize(user, request.Verb, request);
        if (request.Verb == "watch")
        {
            Record(request, user, 200, wrote: false);
            await _watches.RunAsync(context, request);
            return;
        }

        var body = await ReadAsync(context.Request);
        var (code, answer, wrote) = Cluster.Do(() =>
        {
            var before = Cluster.Store.Version;
            var (status, item) = Answer(context.Request, request, user, body);
            return (status, item.Copy(), Cluster.Store.Version != before);
        });
        Record(request, user, code, wrote);
        await (lost?.Play(context) ?? WriteAsync(context, code, answer));
    }

    private (int Code, JsonObject Body) Answer(HttpRequest http, ApiRequest request, string user, JsonNode? body)
    {
        if (request.Subresource is not null && !(request.Subresource == "status" && request.Resource!.HasStatus))
        {
            throw ApiException.NoSuchResource;
        }

        var type = http.ContentType?.Split(';')[0].Trim() ?? "";
        if (request.Verb is "create" or "update" && type is not ("application/json" or ""))
        {
            throw ApiException.UnsupportedMediaType("application/json, application/yaml, application/vnd.kubernetes.protobuf");
        }

        return request.Verb switch
        {
            "get" => (200, ReadEndpoint.Get(Cluster, request)),
            "list" => (200, ReadEndpoint.List(Cluster, request)),
            "create" when request.Name is null => WriteEndpoint.Create(Cluster, request, body),
            "update" when request.Name is not null => WriteEndpoint.Update(Cluster, request, body),
            "patch" when request.Name is not null => WriteEndpoint.Patch(Cluster, request, type, body, () => Access.Authorize(user, "create", request)),
            "delete" => WriteEndpoint.Delete(Cluster, request, body),
            _ => throw ApiException.MethodNotAllowed,
        };
    }

    private async Task OtherAsync(HttpContext context, string user)
    {
        var path = context.Request.Path.Value!;
        var answer = DiscoveryEndpoint.Answer(path, Cluster.Resources);
        _calls.Enqueue(new RecordedCall(context.Request.Method.ToLowerInvariant(), path, null, null, user, answer is null ? 404 : 200, Wrote: false, context.Request.QueryString.ToString()));
        await (answer is null ? PlainNotFoundAsync(context) : WriteAsync(context, 200, answer));
    }

    // An unknown group is not even routed; in a known group version the resource is missing.
    private async Task NotFoundAsync(HttpContext context, ApiRequest request, string user)
    {
        Record(request, user, 404, wrote: false);
        var path = context.Request.Path.Value!.Trim('/').Split('/');
        var known = DiscoveryEndpoint.Answer(path[0] == "api" ? string.Join('/', path[..2]) : string.Join('/', path[..3]), Cluster.Resources) is not null;
        await (known ? WriteAsync(context, 404, ApiException.NoSuchResource.ToStatus()) : PlainNotFoundAsync(context));
    }

    private static async Task PlainNotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = 404;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync("404 page not found\n");
    }

    private static async Task<JsonNode?> ReadAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var text = await reader.ReadToEndAsync();
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (JsonException exception)
        {
            throw ApiException.BadRequest($"error decoding the body: {exception.Message}");
        }
    }

    private static async Task WriteAsync(HttpContext context, int code, JsonObject body)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body.ToJsonString());
    }

    private void Record(ApiRequest? request, string user, int status, bool wrote) =>
        _calls.Enqueue(request is null ? new RecordedCall("", "", null, null, user, status, wrote, "") : Call(request, user, status, wrote));

    private static RecordedCall Call(ApiRequest request, string user, int status, bool wrote)
    {
        var type = request.Resource?.QualifiedName ?? "";
        return new RecordedCall(
            request.Verb, request.Subresource is null ? type : $"{type}/{request.Subresource}", request.Namespace, request.Name, user, status, wrote, request.Http.QueryString.ToString());
    }
}
