using Microsoft.AspNetCore.Http;

namespace Ebb.Grpc;

/// <summary>Whether a request is a gRPC request at all.</summary>
internal static class RequestCheck
{
    private const string ContentType = "application/grpc";

    /// <summary>The HTTP status to refuse it with; null when it is one.</summary>
    public static int? Refusal(HttpRequest request)
    {
        if (!HttpProtocol.IsHttp2(request.Protocol))
        {
            return StatusCodes.Status426UpgradeRequired;
        }

        if (!HttpMethods.IsPost(request.Method))
        {
            return StatusCodes.Status405MethodNotAllowed;
        }

        return IsGrpc(request.ContentType) ? null : StatusCodes.Status415UnsupportedMediaType;
    }

    // "application/grpc" [("+proto" / "+json" / {custom})]: messages here are Protocol Buffers.
    private static bool IsGrpc(string? type)
    {
        if (type is null || !type.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var rest = type[ContentType.Length..].Split(';', 2)[0].Trim();
        return rest.Length == 0 || rest.Equals("+proto", StringComparison.OrdinalIgnoreCase);
    }
}
