using Npgsql;

namespace Ebb.Storage.Postgres;

/// <summary>A PostgreSQL database as <c>postgres://user:password@host:port,host/database?parameter=value</c> names it.</summary>
internal sealed record PostgresAddress
{
    public required IReadOnlyList<string> Hosts { get; init; }

    public required string Database { get; init; }

    public required string User { get; init; }

    public string? Password { get; init; }

    public required SslMode SslMode { get; init; }

    public required int Pool { get; init; }

    public required TimeSpan ConnectTimeout { get; init; }

    public required TimeSpan StatementTimeout { get; init; }

    public required string ApplicationName { get; init; }

    /// <summary>The database for people, without secrets.</summary>
    public override string ToString() => $"PostgreSQL {string.Join(',', Hosts)}, database {Database}, user {User}";
}
