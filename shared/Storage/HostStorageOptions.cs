using Ebb.Settings;
using Microsoft.Extensions.Configuration;

namespace Ebb.Storage;

/// <summary>Where host storage is and how long it keeps things.</summary>
public sealed record HostStorageOptions
{
    /// <summary>The <c>Storage</c> setting: <c>sqlite:&lt;file&gt;</c> or <c>postgres://user@host:port/database?sslmode=…</c>.</summary>
    public required string Storage { get; init; }

    /// <summary>The file with the password for PostgreSQL, read for every new connection. Default none.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>The certificates of the authorities that may have signed PostgreSQL's own, as PEM. Default: the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>The schema in PostgreSQL, created if it is missing. Default <c>ebb</c>.</summary>
    public string Schema { get; init; } = "ebb";

    /// <summary>How long final runs are kept, and with them their idempotency keys. Default 14 days.</summary>
    public TimeSpan RunRetention { get; init; } = TimeSpan.FromDays(14);

    /// <summary>How many final runs are kept at most, oldest dropped first. Default 1,000,000.</summary>
    public int MaxRuns { get; init; } = 1_000_000;

    /// <summary>Where this process can be asked; told to another process that finds a directory in use. Default none.</summary>
    public string? AdminUrl { get; init; }

    /// <summary>
    /// Reads <c>Storage</c> (default <c>sqlite:.ebb/ebb.db</c>), <c>Storage:PasswordFile</c>, <c>Storage:CaFile</c>, <c>Storage:Schema</c>,
    /// <c>Runs:Retention</c> and <c>Runs:Max</c>; what is wrong is noted, each problem with the setting, its value and what would be right.
    /// </summary>
    public static HostStorageOptions From(IConfiguration configuration, List<string> problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        var read = new SettingsReader(configuration, problems);
        var defaults = new HostStorageOptions { Storage = "sqlite:.ebb/ebb.db" };
        var options = new HostStorageOptions
        {
            Storage = read.Text("Storage", defaults.Storage, "sqlite:<file> or postgres://<user>@<host>:<port>/<database>"),
            PasswordFile = read.Text("Storage:PasswordFile", "the path of a file with the database's password"),
            CaFile = read.Text("Storage:CaFile", "the path of a PEM file with the authorities of the database's certificate"),
            Schema = read.Text("Storage:Schema", defaults.Schema, "a schema of PostgreSQL"),
            RunRetention = read.Duration("Runs:Retention", defaults.RunRetention, TimeSpan.FromMinutes(1), TimeSpan.FromDays(3650)),
            MaxRuns = read.Number("Runs:Max", defaults.MaxRuns, 1, 10_000_000),
        };
        problems.AddRange(HostStorage.Validate(options));
        return options;
    }
}
