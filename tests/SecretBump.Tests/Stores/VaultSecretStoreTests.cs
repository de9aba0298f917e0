using Ebb.SecretBump.Stores;
using Ebb.SecretBump.Tests.Servers;
using Ebb.TestServers.Vault;
using Ebb.Vault;
using Ebb.Vault.KeyValue;
using Microsoft.Extensions.Logging;

namespace Ebb.SecretBump.Tests.Stores;

public sealed class VaultSecretStoreTests : IAsyncLifetime
{
    private const string Path = "application/shop/dev/docker";
    private const string All = "create,read,update,patch,list kvv2/*";
    private static readonly SecretPlace Place = SecretPlace.Parse("shop", "dev");
    private static readonly VersionNote Note = new() { Tag = "1.1.0", By = "pipeline", Build = "77", Commit = "abc", Run = "r1" };
    private readonly CollectedLogs _logs = new();
    private VaultServer _server = null!;
    private VaultClient _client = null!;

    private VaultKeyValueEngine Stored => _server.KeyValue();

    public async ValueTask InitializeAsync() => _server = await VaultServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Change_OneKey_IsThreeRequestsWithTheReadAndNotesWhoWrote()
    {
        Stored.Put(Path, ("METADATA_TAG", "1.0.0"), ("PASSWORD", "p"));
        var store = Store();
        await store.EnvironmentsAsync("shop", default);
        _server.Requests.Clear();

        var written = await store.ChangeAsync(Place, (await store.ReadAsync(Place, default))!, Tag("1.1.0"), Note, default);

        _server.Requests.ShouldBe([$"GET /v1/kvv2/data/{Path}", $"PATCH /v1/kvv2/data/{Path}", $"PATCH /v1/kvv2/metadata/{Path}"]);
        (written.Id, written.State, written.Note).ShouldBe(("2", VersionState.Readable, Note));
        var versions = await store.VersionsAsync(Place, default);
        versions.Select(version => (version.Id, version.Note)).ShouldBe([("2", Note), ("1", null)]);
    }

    [Fact]
    public async Task Change_TwoHundredApplicationsAtOnce_AreThreeRequestsEachAndOneLogin()
    {
        var folder = Directory.CreateTempSubdirectory("ebb-approle-").FullName;
        var (role, secret) = (System.IO.Path.Combine(folder, "role"), System.IO.Path.Combine(folder, "secret"));
        await File.WriteAllTextAsync(role, "role");
        await File.WriteAllTextAsync(secret, "secret-id");
        _server.Auth.AddAppRole("role", "secret-id", TimeSpan.FromHours(1), policies: [All]);
        var places = Enumerable.Range(0, 200).Select(i => SecretPlace.Parse($"app-{i}", "dev")).ToList();
        places.ForEach(place => Stored.Put($"application/{place}/docker", ("METADATA_TAG", "1.0.0")));
        var store = Store(new VaultOptions { Address = _server.Address, AppRole = new AppRoleLoginOptions { RoleIdFile = role, SecretIdFile = secret } });

        await Task.WhenAll(places.Select(async place => await store.ChangeAsync(place, await store.ReadAsync(place, default), Tag("1.1.0"), Note, default)));

        (_server.Auth.Logins, _server.Count()).ShouldBe((1, 601));
        places.ShouldAllBe(place => Stored.CurrentVersion($"application/{place}/docker") == 2);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Change_SomebodyWroteMeanwhile_IsAConflict()
    {
        Stored.Put(Path, ("METADATA_TAG", "1.0.0"));
        var store = Store();
        var read = (await store.ReadAsync(Place, default))!;
        Stored.Put(Path, ("METADATA_TAG", "theirs"));

        (await Should.ThrowAsync<SecretStoreException>(() => store.ChangeAsync(Place, read, Tag("1"), Note, default))).Fault.ShouldBe(SecretStoreFault.Conflict);
        (await Should.ThrowAsync<SecretStoreException>(() => store.ChangeAsync(Place, null, Tag("1"), Note, default))).Fault.ShouldBe(SecretStoreFault.Conflict);
        Stored.CurrentVersion(Path).ShouldBe(2);
    }

    [Theory]
    [InlineData("create,read,update,patch,list kvv2/data/*")]
    [InlineData("read,patch kvv2/data/*")]
    public async Task Change_MetadataMayNotBeWritten_IsASuccessWithoutANote(string policy)
    {
        Stored.Put(Path, ("METADATA_TAG", "1.0.0"));
        var store = Store(policy);

        var written = await store.ChangeAsync(Place, (await store.ReadAsync(Place, default))!, Tag("1.1.0"), Note, default);

        (written.Id, written.Note).ShouldBe(("2", null));
    }

    [Fact]
    public async Task Change_ServerWithoutPatch_KeepsSiblingsAndOtherPeoplesMetadata()
    {
        Stored.KnowsPatch = false;
        var store = Store();
        await store.ChangeAsync(Place, null, new Dictionary<string, string?> { ["METADATA_TAG"] = "1.0.0", ["PASSWORD"] = "p" }, Note with { Tag = "1.0.0" }, default);

        await store.ChangeAsync(Place, (await store.ReadAsync(Place, default))!, Tag("1.1.0"), Note, default);

        Stored.Data(Path)!.ToJsonString().ShouldBe("""{"METADATA_TAG":"1.1.0","PASSWORD":"p"}""");
        (await store.VersionsAsync(Place, default)).Select(version => version.Note!.Tag).ShouldBe(["1.1.0", "1.0.0"]);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Change_MetadataDemandsCheckAndSet_IsNotedAndOthersMetadataStays(bool required, bool knowsPatch)
    {
        (Stored.MetadataCasRequired, Stored.KnowsMetadataPatch, Stored.CountsMetadata) = (required, knowsPatch, required);
        var store = Store();
        await store.ChangeAsync(Place, null, Tag("1.0.0"), Note with { Tag = "1.0.0" }, default);
        await store.ChangeAsync(Place, (await store.ReadAsync(Place, default))!, Tag("1.1.0"), Note, default);

        (await store.VersionsAsync(Place, default)).Select(version => version.Note?.Tag).ShouldBe(["1.1.0", "1.0.0"]);
        (_server.Count("PATCH /v1/kvv2/data/"), _logs.Lines.Count).ShouldBe((1, 0));
    }

    [Fact]
    public async Task Change_SomebodyWritesMetadataMeanwhile_BothAreThere()
    {
        Stored.MetadataCasRequired = true;
        var store = Store();
        await store.ChangeAsync(Place, null, Tag("1.0.0"), Note with { Tag = "1.0.0" }, default);
        var theirs = new VaultKeyValue(_client, "kvv2");
        var reads = 0;
        _server.Around = async (context, answer) =>
        {
            await answer();
            if (context.Request.Method == "GET" && context.Request.Path.Value!.Contains("/metadata/", StringComparison.Ordinal) && ++reads == 1)
            {
                var change = new KeyValueMetadataChange { CheckAndSet = 1, CustomMetadata = new Dictionary<string, string?> { ["team"] = "shop" } };
                await theirs.PatchMetadataAsync(Path, change, default);
            }
        };

        var written = await store.ChangeAsync(Place, (await store.ReadAsync(Place, default))!, Tag("1.1.0"), Note, default);

        written.Note.ShouldBe(Note);
        Stored.Custom(Path).Keys.ShouldBe(["ebb.1", "ebb.2", "team"], ignoreOrder: true);
    }

    [Fact]
    public async Task Change_MetadataMayBePatchedButNotRead_TheWarningNamesWhatIsMissing()
    {
        Stored.MetadataCasRequired = true;
        Stored.Put(Path, ("METADATA_TAG", "1.0.0"));
        var store = Store("create,read,update,patch,list kvv2/data/*", "patch kvv2/metadata/*");

        await store.ChangeAsync(Place, (await store.ReadAsync(Place, default))!, Tag("1.1.0"), Note, default);

        var warning = _logs.Lines.ShouldHaveSingleItem();
        warning.ShouldContain($"capability 'read' on kvv2/metadata/{Path}");
        warning.ShouldNotContain("Give the policy 'patch'");
    }

    [Fact]
    public async Task Change_SixtyTimes_NotesTheNewestAndStaysWithinTheLimits()
    {
        var store = Store();
        var secret = default(StoredSecret);
        for (var i = 1; i <= 60; i++)
        {
            await store.ChangeAsync(Place, secret, Tag($"1.{i}.0"), Note with { Tag = $"1.{i}.0", Build = new string('ü', 500), By = new string('"', 500) }, default);
            secret = await store.ReadAsync(Place, default);
        }

        Stored.Custom(Path).Count.ShouldBe(40);
        (await store.VersionsAsync(Place, default)).ShouldAllBe(version => version.Note!.Tag == $"1.{version.Id}.0");
    }

    [Fact]
    public async Task Restore_EarlierVersion_WritesWhatItHeldAndNothingElse()
    {
        Stored.Put(Path, ("METADATA_TAG", "1.0.0"), ("OLD", "x"));
        Stored.Put(Path, ("METADATA_TAG", "1.1.0"), ("NEW", "y"));
        var store = Store();

        await store.RestoreAsync(Place, (await store.ReadAsync(Place, default))!, (await store.ReadAsync(Place, "1", default))!, Note, default);

        Stored.Data(Path)!.ToJsonString().ShouldBe("""{"METADATA_TAG":"1.0.0","OLD":"x"}""");
    }

    [Fact]
    public async Task Restore_DeletedVersion_IsRefused()
    {
        Stored.Put(Path, ("METADATA_TAG", "1.0.0"));
        Stored.Put(Path, ("METADATA_TAG", "1.1.0"));
        Stored.Delete(Path, 1);
        var store = Store();
        var (current, earlier) = ((await store.ReadAsync(Place, default))!, (await store.ReadAsync(Place, "1", default))!);

        await Should.ThrowAsync<ArgumentException>(() => store.RestoreAsync(Place, current, earlier, Note, default));
        Stored.CurrentVersion(Path).ShouldBe(2);
    }

    [Fact]
    public async Task Versions_DeletedAndDestroyed_AreMarked()
    {
        for (var i = 0; i < 3; i++)
        {
            Stored.Put(Path, ("METADATA_TAG", $"1.{i}.0"));
        }

        Stored.Delete(Path);
        Stored.Destroy(Path, 1);

        (await Store().VersionsAsync(Place, default)).Select(version => (version.Id, version.State))
            .ShouldBe([("3", VersionState.Deleted), ("2", VersionState.Readable), ("1", VersionState.Destroyed)]);
        (await Store().ReadAsync(Place, default))!.Values.ShouldBeNull();
        (await Store().ReadAsync(Place, "nine", default)).ShouldBeNull();
    }

    [Fact]
    public async Task Names_FoldersOfTheLayout_AreListed()
    {
        Stored.Put(Path, ("A", "x"));
        Stored.Put("application/shop/prd/docker", ("A", "x"));
        Stored.Put("application/web/dev/docker", ("A", "x"));
        Stored.Put("application/loose", ("A", "x"));

        (await Store().ApplicationsAsync(default)).ShouldBe(["shop", "web"]);
        (await Store().EnvironmentsAsync("shop", default)).ShouldBe(["dev", "prd"]);
        (await Store().EnvironmentsAsync("nobody", default)).ShouldBeEmpty();
        (await Store().EnvironmentsAsync("../web", default)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(503, "Vault is sealed", SecretStoreFault.Unavailable)]
    [InlineData(403, "permission denied", SecretStoreFault.Denied)]
    [InlineData(413, "request body too large", SecretStoreFault.TooLarge)]
    [InlineData(500, "put failed due to value being too large; got 2000000 bytes, max: 1048576 bytes", SecretStoreFault.TooLarge)]
    [InlineData(400, "unknown", SecretStoreFault.Other)]
    public async Task Failure_OfTheServer_IsTheStores(int status, string said, SecretStoreFault fault)
    {
        var store = Store();
        await store.ReadAsync(Place, default);
        _server.FailNext(status, said, times: status == 403 ? 1 : 10, retryAfter: "0");

        var exception = await Should.ThrowAsync<SecretStoreException>(() => store.ReadAsync(Place, default));

        (exception.Fault, exception.IsTransient).ShouldBe((fault, fault == SecretStoreFault.Unavailable));
        exception.Message.ShouldContain(said);
    }

    [Theory]
    [InlineData("application/{application}/{environment}/docker", true)]
    [InlineData("{application}/{environment}", true)]
    [InlineData("{environment}/{application}/docker", false)]
    [InlineData("application/{application}/docker", false)]
    [InlineData("application/x{application}/{environment}", false)]
    [InlineData("../{application}/{environment}", false)]
    public void Layout_Text_IsTakenOrNot(string text, bool taken) => SecretLayout.TryParse(text, out _).ShouldBe(taken);

    [Theory]
    [InlineData("shop", true)]
    [InlineData("shop.api_v2-x", true)]
    [InlineData("", false)]
    [InlineData("..", false)]
    [InlineData("a/b", false)]
    [InlineData("%2e%2e", false)]
    [InlineData("a\n", false)]
    [InlineData("-a", false)]
    public void Place_Name_IsTakenOrNot(string name, bool taken) => SecretPlace.TryParse(name, "dev", out _).ShouldBe(taken);

    private static Dictionary<string, string?> Tag(string tag) => new() { ["METADATA_TAG"] = tag };

    private VaultSecretStore Store(params string[] policies) =>
        Store(new VaultOptions { Address = _server.Address, Token = _server.Tokens.Create(policies: policies is [] ? [All] : policies).Value });

    private VaultSecretStore Store(VaultOptions options)
    {
        _ = Stored;
        _client?.Dispose();
        _client = new VaultClient(options with { Resilience = new Ebb.Http.ResilienceOptions { BaseDelay = TimeSpan.FromMilliseconds(5) } }, TimeProvider.System);
        return new VaultSecretStore(_client, new VaultStoreOptions { Layout = SecretLayout.Standard }, TimeProvider.System, new LoggerFactory([_logs]).CreateLogger<VaultSecretStore>());
    }
}
