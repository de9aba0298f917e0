using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ebb.TestServers.S3;

/// <summary>
/// A stand-in of S3 that fails when it is told to, for what the real ones cannot be brought to do. Verifies version 4 signatures and MD5s, knows
/// multipart uploads and their list, conditional writes and Object Lock (Amazon S3 API reference, 2006-03-01).
/// </summary>
public sealed class S3Server : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TimeProvider _time;
    private readonly S3State _state = new();
    private readonly ConcurrentQueue<S3Fault> _faults = new();
    private readonly CancellationTokenSource _stop = new();

    private readonly StrongBox<int> _connections;

    private S3Server(WebApplication app, TimeProvider time, StrongBox<int> connections) => (_app, _time, _connections) = (app, time, connections);

    public S3Login Login => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First(), "backups", "test-key", "test-secret");

    /// <summary>Who may do everything: access key and secret.</summary>
    public ConcurrentDictionary<string, string> Keys { get; } = new(StringComparer.Ordinal) { ["test-key"] = "test-secret" };

    /// <summary>Knows If-None-Match on writes. False: says 501, as some stores do.</summary>
    public bool KnowsConditions { get; set; } = true;

    /// <summary>The bucket was created with Object Lock.</summary>
    public bool HasObjectLock { get; set; }

    /// <summary>The region that requests must be signed for; null: any.</summary>
    public string? Region { get; set; }

    /// <summary>False: uploads are listed for the whole bucket or a whole key only, and for another prefix there are none, as MinIO does.</summary>
    public bool ListsUploadsByPrefix { get; set; } = true;

    /// <summary>Entries on one page of a list.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>The operations that were asked for, in order.</summary>
    public ConcurrentQueue<S3Operation> Requests { get; } = new();

    /// <summary>The keys of the objects there are.</summary>
    public IReadOnlyList<string> ObjectKeys => Locked(state => state.Objects.Keys.ToList());

    /// <summary>How many multipart uploads are under way.</summary>
    public int Uploads => Locked(state => state.Uploads.Count);

    public static async Task<S3Server> StartAsync(TimeProvider? time = null, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(certificate is null ? "http://127.0.0.1:0" : "https://127.0.0.1:0");
        var connections = new StrongBox<int>();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.ConfigureEndpointDefaults(listen => listen.Use(next => async connection =>
            {
                Interlocked.Increment(ref connections.Value);
                try
                {
                    await next(connection);
                }
                finally
                {
                    Interlocked.Decrement(ref connections.Value);
                }
            }));
            options.Limits.MaxRequestBodySize = null;
            if (certificate is not null)
                options.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate);
        });
        if (certificate is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Logging.ClearProviders();
        var server = new S3Server(builder.Build(), time ?? TimeProvider.System, connections);
        server._app.Run(server.HandleAsync);
        await server._app.StartAsync();
        return server;
    }

    public void Fail(S3Fault fault) => _faults.Enqueue(fault);

    /// <summary>Replaces or creates an object behind the clients' backs.</summary>
    public void Put(string key, byte[] content) =>
        Locked(state => state.Objects[key] = new S3Object(content, Convert.ToHexStringLower(S3State.Md5(content)), _time.GetUtcNow(), null, null));

    public byte[] Content(string key) => Locked(state => state.Objects[key].Content);

    /// <summary>Completes when nobody is connected: what a client that was killed had still sent is done then.</summary>
    public async Task UntilLeftAsync(CancellationToken cancellationToken)
    {
        while (Volatile.Read(ref _connections.Value) > 0)
        {
            await Task.Delay(10, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _app.DisposeAsync();
        _stop.Dispose();
    }

    private T Locked<T>(Func<S3State, T> action)
    {
        lock (_state)
        {
            return action(_state);
        }
    }

    private async Task HandleAsync(HttpContext context)
    {
        var operation = S3Operation.Of(context.Request);
        Requests.Enqueue(operation);
        var fault = _faults.FirstOrDefault(fault => fault.Takes(operation, context.Request.Query["partNumber"]));
        context.Response.Headers.Date = _time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        try
        {
            var answer = await AnswerAsync(context, operation, fault);
            if (fault?.CutAnswerAfter == 0)
                context.Abort();
            else
                await answer.WriteAsync(context, fault);
        }
        catch (S3Error error)
        {
            await S3Answer.Error(error, operation).WriteAsync(context, fault: null);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or Microsoft.AspNetCore.Http.BadHttpRequestException)
        {
            // The client went away.
        }
    }

    private async Task<S3Answer> AnswerAsync(HttpContext context, S3Operation operation, S3Fault? fault)
    {
        if (fault?.CutRequestAfter is { } cut)
        {
            _ = await context.Request.Body.ReadAtLeastAsync(new byte[cut], cut, throwOnEndOfStream: false, context.RequestAborted);
            context.Abort();
            throw new IOException("cut");
        }

        if (fault?.Hang == true)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stop.Token);
            await Task.Delay(Timeout.Infinite, either.Token);
        }

        if (fault?.Page is { } page)
            return S3Answer.Page(page);
        var body = await BodyAsync(context.Request);
        if (fault?.Error is { } error)
            throw new S3Error(error.Status, error.Code, "The server was told to say so.");
        S3Signature.Verify(context.Request, body, Keys, Region, _time);
        if (operation.Bucket != Login.Bucket)
            throw new S3Error(404, "NoSuchBucket", "The specified bucket does not exist.");
        return Locked(state => new S3Handlers(state, this, _time, fault).Answer(context.Request, operation, body));
    }

    private static async Task<byte[]> BodyAsync(HttpRequest request)
    {
        using var body = new MemoryStream((int)(request.ContentLength ?? 0));
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        return body.ToArray();
    }
}
