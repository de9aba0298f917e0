using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.Registry;

/// <summary>
/// A registry in this process that speaks the OCI distribution-spec v1.1.1 strictly, with state, and whose faults can be
/// switched on for single requests. It records what arrives.
/// </summary>
public sealed class FaultyRegistry : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<RecordedRequest> _requests = new();
    private readonly ConcurrentQueue<Fault> _faults = new();
    private readonly Login _login;
    private readonly Func<HttpContext, Task<bool>>[] _endpoints;

    private FaultyRegistry(WebApplication app, RegistryBehaviour behaviour)
    {
        _app = app;
        Behaviour = behaviour;
        _login = new Login(this);
        var harbor = new HarborEndpoints(this);
        _endpoints =
        [
            _login.TryTokenAsync, new HarborRobotEndpoints(this).TryAsync, harbor.TryApiAsync, _login.TryRefuseAsync, harbor.TryRefuseAsync,
            new UploadEndpoints(this).TryAsync, new BlobEndpoints(this).TryAsync, new ManifestEndpoints(this).TryAsync, new ListEndpoints(this).TryAsync,
        ];
        app.Run(HandleAsync);
    }

    public RegistryBehaviour Behaviour { get; }

    public RegistryState State { get; } = new();

    /// <summary>Robot accounts, where it plays Harbor.</summary>
    public HarborRobotState Robots { get; } = new();

    public Uri Uri => new(_app.Urls.First());

    /// <summary>Host and port, as in references.</summary>
    public string Host => Uri.Authority;

    /// <summary>What arrived so far.</summary>
    public IReadOnlyList<RecordedRequest> Requests => [.. _requests];

    public static async Task<FaultyRegistry> StartAsync(RegistryBehaviour? behaviour = null)
    {
        var registry = new FaultyRegistry(LocalServer.Create(), behaviour ?? new RegistryBehaviour());
        await registry._app.StartAsync();
        return registry;
    }

    /// <summary>Switches a fault on. The first that matches a request happens.</summary>
    public FaultyRegistry With(Fault fault)
    {
        _faults.Enqueue(fault);
        return this;
    }

    /// <summary>Switches all faults off.</summary>
    public void Heal() => _faults.Clear();

    /// <summary>Puts an image in, by no request.</summary>
    public void Add(string repository, TestImage image, params string[] tags)
    {
        ArgumentNullException.ThrowIfNull(image);
        foreach (var blob in image.Blobs)
        {
            State.Blobs[(repository, blob.Digest)] = blob.Content;
        }

        foreach (var manifest in image.Manifests.Append(image.Index))
        {
            State.Manifests[(repository, manifest.Digest)] = manifest;
        }

        foreach (var tag in tags)
        {
            State.Tags[(repository, tag)] = image.Index.Digest;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    internal string Locate(string path) => Behaviour.RelativeLocations ? path : new Uri(Uri, path).ToString();

    private async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        _requests.Enqueue(new RecordedRequest(
            request.Method, request.Path, request.QueryString.ToString(), request.Headers.Authorization.FirstOrDefault(),
            request.Headers.Range.FirstOrDefault() ?? request.Headers.ContentRange.FirstOrDefault()));
        if (_faults.FirstOrDefault(f => f.TryTake(request)) is { } fault)
        {
            if (fault.Replace is { } replace)
            {
                await replace(context);
                return;
            }

            fault.Body.ApplyTo(context);
        }

        foreach (var endpoint in _endpoints)
        {
            if (await endpoint(context))
            {
                return;
            }
        }

        // https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#determining-support
        await (request.Path == "/v2/" ? context.Response.WriteAsync("{}") : Answers.ErrorAsync(context, 404, "NOT_FOUND", "no such path"));
    }
}
