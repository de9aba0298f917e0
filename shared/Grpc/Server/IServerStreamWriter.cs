namespace Ebb.Grpc;

/// <summary>Where a server-streaming handler puts its messages.</summary>
public interface IServerStreamWriter<in T>
{
    /// <summary>Sends a message; returns when it is on its way, which waits for a caller that reads slowly.</summary>
    /// <exception cref="OperationCanceledException">The caller is gone or the deadline has passed.</exception>
    ValueTask WriteAsync(T message, CancellationToken cancellationToken);
}
