using Ebb.Storage.Postgres;
using Ebb.Storage.Roles;
using Ebb.Storage.Sqlite;
using Ebb.Storage.Sqlite.Import;
using Microsoft.Extensions.Logging;

namespace Ebb.Storage;

/// <summary>Opens host storage.</summary>
public static class HostStorage
{
    /// <summary>False when opening the storage would create it.</summary>
    public static bool Exists(HostStorageOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return !EmbeddedAddress.TryRead(options.Storage, out var embedded) || File.Exists(embedded.Path)
            || (Directory.Exists(embedded.Directory) && OldJournal.Find(embedded.Directory) is not null);
    }

    /// <summary>Opens the storage that <see cref="HostStorageOptions.Storage"/> names.</summary>
    /// <exception cref="HostStorageException">The setting is wrong, the store is in use by another process, or its content is damaged.</exception>
    public static async ValueTask<IHostStorage> OpenAsync(
        HostStorageOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);
        if (Validate(options) is [var problem, ..])
            throw new HostStorageException(problem);
        cancellationToken.ThrowIfCancellationRequested();
        // Only one of them is touched: a process with an embedded store loads nothing of PostgreSQL's driver.
        return PostgresAddressReader.IsPostgres(options.Storage)
            ? await OpenPostgresAsync(options, time, loggers, cancellationToken)
            : OpenSqlite(options, time, loggers);
    }

    /// <summary>
    /// Brings the schema of a PostgreSQL store up to date and grants the roles their rights, and nobody else any. Whoever opens the store as
    /// one of them needs this first; a single role that owns the schema does not.
    /// </summary>
    /// <param name="options">The store, with the role that owns its schema.</param>
    /// <param name="roles">What each role is to have; null leaves the rights as they are.</param>
    /// <param name="time">The clock for timers.</param>
    /// <param name="loggers">Where the store logs.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HostStorageException">A setting or a role is wrong, or the database refused.</exception>
    public static async Task MigrateAsync(
        HostStorageOptions options, IReadOnlyList<StorageRole>? roles, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!PostgresAddressReader.IsPostgres(options.Storage))
            throw new HostStorageException("Storage is no PostgreSQL database. A SQLite store is prepared by whoever opens it, and has no roles.");
        if (Validate(options).Concat(StorageRoles.Problems(roles ?? [])).ToList() is { Count: > 0 } problems)
            throw new HostStorageException(string.Join('\n', problems));
        await using var storage = await PostgresHostStorage.OpenAsync(options, new DatabaseClock(), time, loggers, roles, cancellationToken);
    }

    private static Task<IHostStorage> OpenPostgresAsync(
        HostStorageOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        PostgresHostStorage.OpenAsync(options, new DatabaseClock(), time, loggers, roles: null, cancellationToken);

    private static IHostStorage OpenSqlite(HostStorageOptions options, TimeProvider time, ILoggerFactory loggers) =>
        EmbeddedAddress.TryRead(options.Storage, out var address)
            ? SqliteHostStorage.Open(address, options, time, loggers)
            : throw new InvalidOperationException("Options that were not validated.");

    /// <summary>What is wrong with the options, each problem with the setting, its value and what would be right; empty when nothing is.</summary>
    public static IReadOnlyList<string> Validate(HostStorageOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = new List<string>();
        if (PostgresAddressReader.IsPostgres(options.Storage))
            PostgresSettings.Read(options, problems);
        else if (!EmbeddedAddress.TryRead(options.Storage, out _))
            problems.Add($"Storage begins with '{Scheme(options.Storage)}'; it must be sqlite:<file>, for example sqlite:/var/lib/ebb/ebb.db, or postgres://<user>@<host>/<database>.");
        if (options.RunRetention <= TimeSpan.Zero)
            problems.Add($"The retention of runs is {options.RunRetention}; it must be greater than zero.");
        if (options.MaxRuns < 1)
            problems.Add($"The number of runs to keep is {options.MaxRuns}; it must be 1 or more.");
        return problems;
    }

    // What follows the scheme may hold a password.
    private static string Scheme(string storage) => storage[..(storage.IndexOf(':') + 1)];
}
