using Ebb.Storage.Tests.Conformance;

namespace Ebb.Storage.Tests.Postgres;

/// <summary>The conformance suite against a real PostgreSQL server.</summary>
public sealed class PostgresHostStorageTests(PostgresFixture fixture) : HostStorageTests
{
    private readonly string _schema = PostgresFixture.NewSchema();

    protected override async Task<IHostStorage> OpenAsync(HostStorageOptions options) =>
        await PostgresFixture.OpenAsync(options with { Storage = (await fixture.ServerAsync()).Url(), Schema = _schema }, Time);

    protected override async ValueTask DeleteAsync() =>
        await PostgresFixture.AskAsync(await fixture.ServerAsync(), _schema, $"drop schema {_schema} cascade");
}
