using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Ebb.Grpc;

/// <summary>Reads what surrounds the messages of an answer: its headers, and the status at its end.</summary>
internal static class ResponseHead
{
    /// <summary>The encoding of the messages to come.</summary>
    /// <exception cref="RpcException">The answer is an error, or no gRPC.</exception>
    public static string Check(string method, HttpResponseMessage response)
    {
        // Trailers-Only: the status stands in the headers, whatever the status of HTTP.
        if (Value(response.Headers, ServerCall.StatusHeader) is { } status)
        {
            Throw(status, Value(response.Headers, ServerCall.MessageHeader));
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new RpcException(OfHttp(response.StatusCode), $"{method} was answered with HTTP {(int)response.StatusCode} instead of gRPC.");
        }

        var type = response.Content.Headers.ContentType?.MediaType;
        if (type is null || !type.StartsWith(ServerCall.ContentType, StringComparison.OrdinalIgnoreCase))
        {
            throw new RpcException(StatusCode.Unknown, $"{method} was answered with the content type '{type}', which is not gRPC: is {response.RequestMessage?.RequestUri} a gRPC server?");
        }

        var encoding = Value(response.Headers, ServerCall.EncodingHeader) ?? string.Empty;
        return MessageFrame.IsSupported(encoding)
            ? encoding
            : throw new RpcException(StatusCode.Internal, $"{method} was answered in the encoding '{encoding}', which was not offered.");
    }

    /// <summary>Looks at the status after the last message.</summary>
    /// <exception cref="RpcException">It is missing or not OK.</exception>
    public static void CheckEnd(string method, HttpResponseMessage response)
    {
        var status = Value(response.TrailingHeaders, ServerCall.StatusHeader) ?? Value(response.Headers, ServerCall.StatusHeader);
        if (status is null)
        {
            throw new RpcException(StatusCode.Internal, $"The answer to {method} ended without a grpc-status: it is not complete.");
        }

        Throw(status, Value(response.TrailingHeaders, ServerCall.MessageHeader) ?? Value(response.Headers, ServerCall.MessageHeader));
    }

    private static void Throw(string status, string? message)
    {
        if (!int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out var code))
        {
            throw new RpcException(StatusCode.Unknown, $"grpc-status is '{status}', which is no number.");
        }

        if (code != 0)
        {
            var known = Enum.IsDefined((StatusCode)code) ? (StatusCode)code : StatusCode.Unknown;
            throw new RpcException(known, message is null ? $"The server gave the status {code} without a message." : StatusMessage.Decode(message));
        }
    }

    // doc/http-grpc-status-mapping.md
    private static StatusCode OfHttp(HttpStatusCode status) => (int)status switch
    {
        400 => StatusCode.Internal,
        401 => StatusCode.Unauthenticated,
        403 => StatusCode.PermissionDenied,
        404 => StatusCode.Unimplemented,
        429 or 502 or 503 or 504 => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };

    private static string? Value(HttpHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
