namespace Ebb.Grpc.Health;

/// <summary>
/// <c>grpc.health.v1.Health</c> with Check and Watch, for Kubernetes' gRPC probes and for clients. Serving until
/// <see cref="Stop"/>; the empty service name is the server as a whole.
/// </summary>
public sealed class HealthService : IDisposable
{
    private const string Name = "grpc.health.v1.Health";

    private static readonly Method<HealthCheckRequest, HealthCheckResponse> CheckMethod =
        new(Name, "Check", HealthCheckRequest.Parser, HealthCheckResponse.Parser);

    private static readonly Method<HealthCheckRequest, HealthCheckResponse> WatchMethod =
        new(Name, "Watch", HealthCheckRequest.Parser, HealthCheckResponse.Parser);

    private readonly HashSet<string> _services;
    private readonly CancellationTokenSource _stopped = new();

    /// <summary>Creates it for these services.</summary>
    public HealthService(params IEnumerable<string> services) => _services = [string.Empty, .. services];

    /// <summary>Adds the two methods.</summary>
    public void AddTo(GrpcServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        server.AddUnary(CheckMethod, CheckAsync).AddServerStreaming(WatchMethod, WatchAsync);
    }

    /// <summary>Says that nothing is served any more, and ends the watches.</summary>
    public void Stop() => _stopped.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _stopped.Dispose();

    private Task<HealthCheckResponse> CheckAsync(HealthCheckRequest request, ServerCallContext context) =>
        _services.Contains(request.Service)
            ? Task.FromResult(new HealthCheckResponse { Status = Status })
            : throw new RpcException(StatusCode.NotFound, $"There is no service '{request.Service}' here.");

    private async Task WatchAsync(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responses, ServerCallContext context)
    {
        var known = _services.Contains(request.Service);
        await responses.WriteAsync(
            new() { Status = known ? Status : HealthCheckResponse.Types.ServingStatus.ServiceUnknown }, context.CancellationToken);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, _stopped.Token);
        await Task.Delay(Timeout.InfiniteTimeSpan, ends.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.CancellationToken.ThrowIfCancellationRequested();
        if (known)
        {
            await responses.WriteAsync(new() { Status = Status }, context.CancellationToken);
        }
    }

    private HealthCheckResponse.Types.ServingStatus Status => _stopped.IsCancellationRequested
        ? HealthCheckResponse.Types.ServingStatus.NotServing
        : HealthCheckResponse.Types.ServingStatus.Serving;
}
