namespace Ebb.TestServers.Keda.Grpc;

/// <summary>A call that did not end with OK.</summary>
public sealed class GrpcException(int status, string message, Exception? inner = null)
    : Exception($"grpc-status {status}: {message}", inner)
{
    public const int Unknown = 2;
    public const int Unavailable = 14;

    /// <summary>The status code of the gRPC core specification.</summary>
    public int Status { get; } = status;
}
