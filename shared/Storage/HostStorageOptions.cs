namespace Ebb.Storage;

/// <summary>Where host storage is and how long it keeps things.</summary>
public sealed record HostStorageOptions
{
    /// <summary>The <c>Storage</c> setting: <c>file:&lt;directory&gt;</c>.</summary>
    public required string Storage { get; init; }

    /// <summary>How long final runs are kept, and with them their idempotency keys. Default 14 days.</summary>
    public TimeSpan RunRetention { get; init; } = TimeSpan.FromDays(14);

    /// <summary>How many final runs are kept at most, oldest dropped first. Default 20,000.</summary>
    public int MaxRuns { get; init; } = 20_000;

    /// <summary>Where this process can be asked; told to another process that finds a directory in use. Default none.</summary>
    public string? AdminUrl { get; init; }
}
