using System.Net.Http.Headers;

namespace Ebb.TestServers.Keda.Grpc;

/// <summary>How a call ended, as its trailers say.</summary>
internal static class GrpcStatus
{
    public const string Header = "grpc-status";

    public static void ThrowUnlessOk(HttpHeaders headers)
    {
        if (!headers.TryGetValues(Header, out var values) || !int.TryParse(values.First(), out var status))
            throw new GrpcException(GrpcException.Unknown, "the call ended without a grpc-status");
        if (status != 0)
            throw new GrpcException(status, headers.TryGetValues("grpc-message", out var message) ? Uri.UnescapeDataString(message.First()) : "");
    }
}
