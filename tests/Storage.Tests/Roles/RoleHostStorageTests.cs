using Ebb.Storage.Roles;
using Ebb.Storage.Tests.Conformance;
using Ebb.Storage.Tests.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Storage.Tests.Roles;

/// <summary>The conformance suite as a worker whose role owns nothing and may do what the suite does.</summary>
public sealed class RoleHostStorageTests(PostgresFixture fixture) : HostStorageTests
{
    private readonly string _schema = PostgresFixture.NewSchema();
    private HostStorageOptions? _options;

    protected override async Task<IHostStorage> OpenAsync(HostStorageOptions options)
    {
        _options ??= await MigrateAsync(options with { Storage = (await fixture.ServerAsync()).Url(), Schema = _schema });
        return await PostgresFixture.OpenAsync(options with { Storage = _options.Storage, Schema = _schema }, Time);
    }

    protected override async ValueTask DeleteAsync() =>
        await PostgresFixture.AskAsync(await fixture.ServerAsync(), _schema, $"drop schema {_schema} cascade; drop role {_schema}_worker");

    private async Task<HostStorageOptions> MigrateAsync(HostStorageOptions options)
    {
        var role = new StorageRole
        {
            Name = $"{_schema}_worker",
            Functions = ["Hook", "Api"],
            Takes = [Queue, "other", "never-taken", "$timers", "$" + new string('q', 127)],
            Timers = ["Nightly", "Hourly"],
            Writes = [.. "abcdefghijklmnopqrstuvwxyzAB0123456789-".Select(first => $"{first}")],
        };
        await PostgresFixture.AskAsync(await fixture.ServerAsync(), "public", $"create role {role.Name} login");
        await HostStorage.MigrateAsync(options, [role], TimeProvider.System, NullLoggerFactory.Instance, default);
        return options with { Storage = options.Storage.Replace("postgres@", $"{role.Name}@", StringComparison.Ordinal) };
    }
}
