using Ebb.Grpc.Health;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Grpc.Tests;

/// <summary>Our server on Kestrel, with <see cref="Echo"/> and health; or whatever a test answers by hand.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    public const int MaxMessageBytes = 64 * 1024;

    private readonly WebApplication _web;
    private readonly TaskCompletionSource _watchEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private EchoServer(Func<EchoServer, RequestDelegate> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        _web = builder.Build();
        _web.Run(answer(this));
    }

    public Uri Address => new(_web.Urls.Single());

    public HealthService Health { get; } = new(Echo.Service);

    public List<FinishedCall> Finished { get; } = [];

    /// <summary>Completes when the handler of <see cref="Echo.Watch"/> was told that its caller is gone.</summary>
    public Task WatchEnded => _watchEnded.Task;

    public static Task<EchoServer> StartAsync() => StartAsync(server => server.Serve().InvokeAsync);

    public static Task<EchoServer> StartAsync(RequestDelegate answer) => StartAsync(_ => answer);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _web.StopAsync(now.Token);
        await _web.DisposeAsync();
        Health.Dispose();
    }

    private static async Task<EchoServer> StartAsync(Func<EchoServer, RequestDelegate> answer)
    {
        var server = new EchoServer(answer);
        await server._web.StartAsync();
        return server;
    }

    private GrpcServer Serve()
    {
        var options = new GrpcServerOptions { MaxReceiveMessageBytes = MaxMessageBytes, OnFinished = Keep };
        var server = new GrpcServer(options, TimeProvider.System, NullLogger<GrpcServer>.Instance)
            .AddUnary(Echo.Say, (request, _) => Task.FromResult(request))
            .AddUnary(Echo.Fail, (request, _) => throw new RpcException(StatusCode.FailedPrecondition, request.Value))
            .AddUnary(Echo.Crash, (request, _) => throw new InvalidOperationException(request.Value))
            .AddUnary(Echo.Hang, (_, _) => new TaskCompletionSource<StringValue>().Task)
            .AddServerStreaming(Echo.Count, CountAsync)
            .AddServerStreaming(Echo.Accept, (_, _, context) => context.WriteResponseHeadersAsync().AsTask())
            .AddServerStreaming(Echo.Watch, WatchAsync);
        Health.AddTo(server);
        return server;
    }

    private static async Task CountAsync(Int32Value request, IServerStreamWriter<StringValue> responses, ServerCallContext context)
    {
        for (var i = 0; i < request.Value; i++)
        {
            await responses.WriteAsync(new() { Value = $"{i}".PadRight(1024) }, context.CancellationToken);
        }
    }

    private async Task WatchAsync(StringValue request, IServerStreamWriter<StringValue> responses, ServerCallContext context)
    {
        await responses.WriteAsync(request, context.CancellationToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _watchEnded.TrySetResult();
        context.CancellationToken.ThrowIfCancellationRequested();
    }

    private void Keep(FinishedCall call)
    {
        lock (Finished)
        {
            Finished.Add(call);
        }
    }
}
