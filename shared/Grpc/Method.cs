using Google.Protobuf;

namespace Ebb.Grpc;

/// <summary>A method of a service: what the generated code of grpc would call <c>Method</c>.</summary>
/// <param name="Service">The service with its package: <c>externalscaler.ExternalScaler</c>.</param>
/// <param name="Name">The method: <c>IsActive</c>.</param>
/// <param name="RequestParser">Reads a request.</param>
/// <param name="ResponseParser">Reads a response.</param>
public sealed record Method<TRequest, TResponse>(
    string Service, string Name, MessageParser<TRequest> RequestParser, MessageParser<TResponse> ResponseParser)
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    /// <summary>The request's path (PROTOCOL-HTTP2, Requests): <c>/service/method</c>.</summary>
    public string FullName { get; } = $"/{Service}/{Name}";
}
