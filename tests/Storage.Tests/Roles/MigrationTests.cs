using Ebb.Storage.Migrations;
using Ebb.Storage.Tests.Postgres;

namespace Ebb.Storage.Tests.Roles;

/// <summary>Who prepares the schema, and what those read who may not.</summary>
public sealed class MigrationTests(PostgresFixture fixture)
{
    [Fact]
    public async Task Open_BeforeTheMigration_SaysWhoDoesWhat()
    {
        await using var installation = await Installation.CreateAsync(fixture, migrated: false);

        (await FailAsync(installation, installation.Door)).ShouldSatisfyAllConditions(
            message => message.ShouldContain("no rights"), message => message.ShouldContain("ebb storage migrate"), message => message.ShouldContain(installation.Owner));

        await installation.MigrateAsync();
        await installation.AskAsync($"delete from schema_versions where version = {MigrationScripts.Postgres.Newest}");
        (await FailAsync(installation, installation.Door)).ShouldSatisfyAllConditions(
            message => message.ShouldContain($"version {MigrationScripts.Postgres.Newest - 1}"), message => message.ShouldContain($"needs version {MigrationScripts.Postgres.Newest}"),
            message => message.ShouldContain("ebb storage migrate"), message => message.ShouldContain(installation.Owner));
    }

    [Fact]
    public async Task Open_NoSchemaAndNoRightToMakeOne_SaysSo()
    {
        await using var installation = await Installation.CreateAsync(fixture, migrated: false);
        await installation.AskAsync($"drop schema {installation.Schema}");

        (await FailAsync(installation, installation.Door)).ShouldSatisfyAllConditions(
            message => message.ShouldContain("not prepared"), message => message.ShouldContain("ebb storage migrate"));
    }

    [Fact]
    public async Task Open_OnlyUser_NeedsNoMigrationAndNoRoles()
    {
        await using var installation = await Installation.CreateAsync(fixture, migrated: false);
        var storage = await installation.OpenAsync(installation.Owner);

        await storage.Documents.PutAsync("a", "1", null, default);
        await storage.Queues.EnqueueAsync(new() { Queue = "any", Body = "" }, default);

        (await storage.Documents.ListAsync("", default)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Migrate_StoreOfAnOnlyUser_KeepsEverythingAndTheUserGoesOn()
    {
        await using var installation = await Installation.CreateAsync(fixture, migrated: false);
        var before = await installation.OpenAsync(installation.Owner);
        await before.Documents.PutAsync("secrets/shop/prod", "1", null, default);

        await installation.MigrateAsync();
        await installation.MigrateAsync();

        await before.Documents.PutAsync("secrets/shop/prod", "2", null, default);
        (await (await installation.OpenAsync(installation.Door)).Documents.GetAsync("secrets/shop/prod", default))!.Value.ShouldBe("2");
    }

    [Fact]
    public async Task Migrate_RoleLosesAQueueOrIsGone_LosesWhatItHad()
    {
        await using var installation = await Installation.CreateAsync(fixture);
        await installation.AskAsync($"create role {installation.Schema}_people login; grant usage on schema {installation.Schema} to {installation.Schema}_people; grant select on documents to {installation.Schema}_people");

        await installation.MigrateAsync([.. installation.Roles.Where(role => role.Name != installation.Mirror && role.Name != installation.Bump), new() { Name = installation.Bump, Takes = [Installation.Images] }]);

        (await installation.TryAsync(installation.Mirror, $"select 1 from {installation.Schema}.messages")).ShouldBeNull();
        (await installation.TryAsync(installation.Bump, "select 1 from documents")).ShouldBeNull();
        (await installation.TryAsync(installation.Bump, "select 1 from messages")).ShouldBe(0);
        (await installation.TryAsync($"{installation.Schema}_people", "select 1 from documents")).ShouldBe(0);
    }

    [Fact]
    public async Task Migrate_RolesMissingOrUnbound_NamesAllAndChangesNothing()
    {
        await using var installation = await Installation.CreateAsync(fixture);
        await installation.AskAsync($"grant {installation.Owner} to {installation.Mirror}; alter role {installation.Bump} bypassrls");
        var before = await installation.FingerprintAsync();

        var error = await Should.ThrowAsync<HostStorageException>(() => installation.MigrateAsync([.. installation.Roles, new() { Name = $"{installation.Schema}_gone" }, new() { Name = installation.Owner }]));

        foreach (var role in new[] { installation.Mirror, installation.Bump, installation.Owner })
            error.Message.ShouldContain($"Role {role} is");
        error.Message.ShouldContain($"create role {installation.Schema}_gone login");
        error.Message.ShouldNotContain($"Role {installation.Door} is");
        (await installation.FingerprintAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Migrate_AsARole_IsRefused()
    {
        await using var installation = await Installation.CreateAsync(fixture);

        (await Should.ThrowAsync<HostStorageException>(() => installation.MigrateAsync(user: installation.Door))).Message.ShouldContain("schema's owner");
    }

    [Fact]
    public async Task Migrate_FileStore_IsToldThatThereIsNothingToMigrate() =>
        (await Should.ThrowAsync<HostStorageException>(() => HostStorage.MigrateAsync(new() { Storage = "sqlite:x" }, null, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, default)))
            .Message.ShouldContain("no PostgreSQL");

    private static async Task<string> FailAsync(Installation installation, string role) =>
        (await Should.ThrowAsync<HostStorageException>(() => installation.OpenAsync(role))).Message;
}
