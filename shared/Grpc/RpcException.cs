namespace Ebb.Grpc;

/// <summary>
/// A call that did not succeed. Thrown by a handler it becomes the answer's status, and its message reaches the caller: no secret in it.
/// </summary>
public sealed class RpcException : Exception
{
    /// <summary>Creates the error.</summary>
    public RpcException(StatusCode statusCode, string detail, Exception? inner = null)
        : base($"{statusCode}: {detail}", inner) => (StatusCode, Detail) = (statusCode, detail);

    /// <summary>The code.</summary>
    public StatusCode StatusCode { get; }

    /// <summary>What the other side said, in words for people.</summary>
    public string Detail { get; }

    /// <summary>Whether the same call may succeed later.</summary>
    public bool IsTransient => StatusCode is StatusCode.Unavailable;
}
