using Microsoft.Extensions.Configuration;

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

    /// <summary>
    /// Reads <c>Storage</c> (default <c>file:.ebb</c>), <c>Runs:Retention</c> and <c>Runs:Max</c>; what is wrong is noted, each problem
    /// with the setting, its value and what would be right.
    /// </summary>
    public static HostStorageOptions From(IConfiguration configuration, List<string> problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        var read = new SettingReader(configuration, problems);
        var defaults = new HostStorageOptions { Storage = "file:.ebb" };
        var options = new HostStorageOptions
        {
            Storage = read.Text("Storage", defaults.Storage),
            RunRetention = read.Duration("Runs:Retention", defaults.RunRetention, TimeSpan.FromMinutes(1), TimeSpan.FromDays(3650)),
            MaxRuns = (int)read.Number("Runs:Max", defaults.MaxRuns, 1, 10_000_000),
        };
        problems.AddRange(HostStorage.Validate(options));
        return options;
    }
}
