namespace Ebb.Grpc;

/// <summary>The options of one call.</summary>
public sealed record GrpcCall
{
    /// <summary>How long the call may take as a whole, a stream included; the server is told. Default no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Headers to send: names in lower case, values in ASCII.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}
