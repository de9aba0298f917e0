namespace Ebb.Grpc;

/// <summary>Limits of a server, and who hears of its calls.</summary>
public sealed record GrpcServerOptions
{
    /// <summary>The longest request message, decompressed. Default 4 MiB.</summary>
    public int MaxReceiveMessageBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Called when a call of a known method begins; for counting.</summary>
    public Action<string>? OnStarted { get; init; }

    /// <summary>Called when a call of a known method has ended; for counting.</summary>
    public Action<FinishedCall>? OnFinished { get; init; }
}

/// <summary>A call that has ended.</summary>
/// <param name="Method">The method's full name.</param>
/// <param name="IsStream">Whether it answers with a stream.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Duration">How long it took.</param>
public readonly record struct FinishedCall(string Method, bool IsStream, StatusCode Status, TimeSpan Duration);
