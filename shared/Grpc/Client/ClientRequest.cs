using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace Ebb.Grpc;

/// <summary>The request of a call (PROTOCOL-HTTP2, Requests).</summary>
internal static class ClientRequest
{
    public static HttpRequestMessage Create(string method, IMessage message, GrpcCall call)
    {
        var body = new ArrayBufferWriter<byte>(MessageFrame.HeaderLength + message.CalculateSize());
        MessageFrame.Write(body, message);
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(method, UriKind.Relative))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ReadOnlyMemoryContent(body.WrittenMemory),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(ServerCall.ContentType);
        request.Headers.TryAddWithoutValidation("te", "trailers");
        request.Headers.TryAddWithoutValidation(ServerCall.AcceptEncodingHeader, MessageFrame.Accepted);
        if (call.Timeout is { } timeout)
        {
            request.Headers.TryAddWithoutValidation(GrpcTimeout.Header, GrpcTimeout.Format(timeout));
        }

        foreach (var (name, value) in call.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }
}
