using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ebb.Grpc;

/// <summary>
/// Answers gRPC calls over HTTP/2: unary and server streaming. <see cref="InvokeAsync"/> is the request delegate of a Kestrel endpoint;
/// every request of the endpoint goes to it. Source: grpc, doc/PROTOCOL-HTTP2.md.
/// </summary>
public sealed class GrpcServer(GrpcServerOptions options, TimeProvider time, ILogger<GrpcServer> logger)
{
    private readonly Dictionary<string, ServerMethod> _methods = new(StringComparer.Ordinal);
    private readonly HashSet<string> _services = new(StringComparer.Ordinal);

    /// <summary>Adds a method that answers with one message.</summary>
    public GrpcServer AddUnary<TRequest, TResponse>(
        Method<TRequest, TResponse> method, Func<TRequest, ServerCallContext, Task<TResponse>> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(handler);
        return Add(method.Service, method.FullName, isStream: false, async call =>
        {
            var request = await call.ReadRequestAsync(method.RequestParser);

            // A handler that does not look at its token must not hold the caller beyond its deadline.
            await call.WriteAsync(await handler(request, call.Context).WaitAsync(call.Context.CancellationToken), call.Context.CancellationToken);
        });
    }

    /// <summary>Adds a method that answers with a stream; it ends well when the handler returns.</summary>
    public GrpcServer AddServerStreaming<TRequest, TResponse>(
        Method<TRequest, TResponse> method, Func<TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(handler);
        return Add(method.Service, method.FullName, isStream: true, async call =>
        {
            var request = await call.ReadRequestAsync(method.RequestParser);
            await call.StartStreamAsync();
            await handler(request, new StreamWriter<TResponse>(call), call.Context);
        });
    }

    /// <summary>Answers a request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (RequestCheck.Refusal(context.Request) is { } status)
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        }

        var path = context.Request.Path.Value ?? string.Empty;
        if (!_methods.TryGetValue(path, out var method))
        {
            ServerCall.EndWith(context, StatusCode.Unimplemented, Unknown(path));
            return Task.CompletedTask;
        }

        return new ServerCall(context, method, options, time, logger).RunAsync();
    }

    private GrpcServer Add(string service, string fullName, bool isStream, Func<ServerCall, Task> answer)
    {
        _services.Add(service);
        _methods.Add(fullName, new(fullName, isStream, answer));
        return this;
    }

    private string Unknown(string path)
    {
        var end = path.LastIndexOf('/');
        return end > 0 && _services.Contains(path[1..end])
            ? $"The service {path[1..end]} has no method {path[(end + 1)..]}."
            : $"There is no service for {path} here; there are {string.Join(", ", _services.Order(StringComparer.Ordinal))}.";
    }

    private sealed class StreamWriter<T>(ServerCall call) : IServerStreamWriter<T>
        where T : class, IMessage<T>
    {
        public ValueTask WriteAsync(T message, CancellationToken cancellationToken) => call.WriteAsync(message, cancellationToken);
    }
}
