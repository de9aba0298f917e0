using Ebb.TestServers.Postgres;

namespace Ebb.Storage.Tests.Postgres;

/// <summary>TLS, passwords and what people read when something is wrong with them.</summary>
public sealed class ConnectionTests : IAsyncLifetime
{
    private const string Password = "p/s@:%ö";
    private readonly TemporaryDirectory _directory = new();
    private PostgresServer _server = null!;

    private string PasswordFile => Path.Combine(_directory.Path, "password");

    public async ValueTask InitializeAsync()
    {
        PostgresFixture.Require();
        _server = await PostgresServer.StartAsync(new() { Tls = true, Password = Password });
        Directory.CreateDirectory(_directory.Path);
        await System.IO.File.WriteAllTextAsync(PasswordFile, Password + "\n");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Open_VerifiedServerAndPasswordFile_WorksAlsoAfterRotation()
    {
        await using (var storage = await OpenAsync("sslmode=verify-full", _server.CaFile))
        {
            await storage.Documents.PutAsync("k", "1", 0, default);
            await PostgresAdmin("alter user postgres password 'rotated'");
            await System.IO.File.WriteAllTextAsync(PasswordFile, "rotated");
            await _server.StopAsync();
            await _server.StartAgainAsync();

            (await storage.Documents.GetAsync("k", default))!.Value.ShouldBe("1");
        }

        await using var inUrl = await PostgresFixture.OpenAsync(Options("sslmode=require", null) with
        {
            Storage = _server.Url(parameters: "sslmode=require").Replace("postgres@", "postgres:rotated@"),
            PasswordFile = null,
        });
        (await inUrl.Documents.GetAsync("k", default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Open_AuthorityOfAnother_IsRefusedAndNamesTheSetting()
    {
        var error = await FailAsync("sslmode=verify-full", _server.CaFile.Replace("ca.crt", "other-ca.crt"));

        error.ShouldContain("Storage:CaFile");
        error.ShouldContain($"127.0.0.1:{_server.Port}");
    }

    [Fact]
    public async Task Open_WrongPassword_NamesFileAndNotThePassword()
    {
        await System.IO.File.WriteAllTextAsync(PasswordFile, "wrong-secret");

        var error = await FailAsync("sslmode=require", null);

        error.ShouldContain(PasswordFile);
        error.ShouldContain("password authentication failed");
        error.ShouldNotContain("wrong-secret");
    }

    [Fact]
    public async Task Open_WrongDatabaseOrUnreachableHost_SaysWhatToDo()
    {
        (await Should.ThrowAsync<HostStorageException>(() => PostgresFixture.OpenAsync(Options("sslmode=require", null) with
        {
            Storage = _server.Url("nowhere", "sslmode=require"),
        }))).Message.ShouldContain("Create the database");

        (await Should.ThrowAsync<HostStorageException>(() => PostgresFixture.OpenAsync(new() { Storage = "postgres://ebb@no-such-host.invalid/ebb?sslmode=disable" })))
            .Message.ShouldSatisfyAllConditions(message => message.ShouldContain("no-such-host.invalid"), message => message.ShouldContain("host and port in Storage"));
    }

    [Fact]
    public async Task Operation_BlockedForLonger_EndsWithStatementTimeout()
    {
        await using var storage = await OpenAsync("sslmode=require&statement_timeout=1", null);
        await using var connection = await AdminAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var block = new Npgsql.NpgsqlCommand("lock table ebb.documents in access exclusive mode", connection))
            await block.ExecuteNonQueryAsync();

        var error = await Should.ThrowAsync<HostStorageException>(async () => await storage.Documents.PutAsync("k", "1", null, default));

        error.Message.ShouldContain("statement_timeout (1 s)");
        error.Message.ShouldContain("writing document k");
    }

    private HostStorageOptions Options(string parameters, string? caFile) =>
        new() { Storage = _server.Url(parameters: parameters), CaFile = caFile, PasswordFile = PasswordFile };

    private Task<IHostStorage> OpenAsync(string parameters, string? caFile) => PostgresFixture.OpenAsync(Options(parameters, caFile));

    private async Task<string> FailAsync(string parameters, string? caFile) =>
        (await Should.ThrowAsync<HostStorageException>(() => OpenAsync(parameters, caFile))).Message;

    private async Task PostgresAdmin(string sql)
    {
        await using var connection = await AdminAsync();
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<Npgsql.NpgsqlConnection> AdminAsync()
    {
        var connection = new Npgsql.NpgsqlConnection(new Npgsql.NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = _server.Port,
            Username = PostgresServer.User,
            Password = await System.IO.File.ReadAllTextAsync(PasswordFile) is var text ? text.Trim() : "",
            Database = "postgres",
            Pooling = false,
        }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
