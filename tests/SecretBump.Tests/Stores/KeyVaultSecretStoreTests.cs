using Ebb.SecretBump.Stores;
using Ebb.SecretBump.Stores.KeyVault;
using Ebb.TestServers.AzureKeyVault;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.SecretBump.Tests.Stores;

public sealed class KeyVaultSecretStoreTests : IAsyncLifetime
{
    private const string Name = "shop--dev";
    private static readonly SecretPlace Place = SecretPlace.Parse("shop", "dev");
    private static readonly VersionNote Note = new() { Tag = "1.1.0", By = "pipeline", Build = "77", Commit = "abc", Run = "r1" };
    private readonly string _folder = Directory.CreateTempSubdirectory("ebb-keyvault-").FullName;
    private AzureKeyVaultServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await AzureKeyVaultServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Change_OneKey_LeavesTheOthersByteForByteAndNotesWhoWrote()
    {
        _server.Secrets.Put(Name, """{"z":1.10,"METADATA_TAG":"1.0.0","n":{"b": 1e3}}""", ("owner", "team"));
        var store = Store();
        var read = (await store.ReadAsync(Place, default))!;

        var written = await store.ChangeAsync(Place, read, Tag("1.1.0"), Note, default);

        var (value, contentType, tags) = _server.Secrets.Versions(Name)[^1];
        (value, contentType, tags["owner"]).ShouldBe(("""{"z":1.10,"METADATA_TAG":"1.1.0","n":{"b": 1e3}}""", "application/json", "team"));
        written.Note.ShouldBe(Note);
        (await store.ReadAsync(Place, default))!.Version.ShouldBe(written);
        (await store.ReadAsync(Place, read.Version.Id, default))!.Values!.Text("METADATA_TAG").ShouldBe("1.0.0");
        _server.Entra.Logins.ShouldBe(1);
    }

    [Fact]
    public async Task Change_NothingThere_CreatesTheSecret()
    {
        var store = Store();
        (await store.ReadAsync(Place, default)).ShouldBeNull();

        await store.ChangeAsync(Place, null, Tag("1.1.0"), Note, default);

        _server.Secrets.Versions(Name).ShouldHaveSingleItem().Value.ShouldBe("""{"METADATA_TAG":"1.1.0"}""");
    }

    [Fact]
    public async Task Change_OfWhatIsNoLongerTheNewest_IsAConflictAndWritesNothing()
    {
        _server.Secrets.Put(Name, """{"METADATA_TAG":"1.0.0"}""");
        var store = Store();
        var read = await store.ReadAsync(Place, default);
        _server.Secrets.Put(Name, """{"METADATA_TAG":"theirs"}""");

        (await Should.ThrowAsync<SecretStoreException>(() => store.ChangeAsync(Place, read, Tag("1.1.0"), Note, default))).Fault.ShouldBe(SecretStoreFault.Conflict);
        (await Should.ThrowAsync<SecretStoreException>(() => store.ChangeAsync(Place, null, Tag("1.1.0"), Note, default))).Fault.ShouldBe(SecretStoreFault.Conflict);

        _server.Secrets.Versions(Name).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Change_AnotherWritesInBetween_KeepsTheirKeysAndEveryVersion()
    {
        _server.Secrets.Put(Name, """{"METADATA_TAG":"1.0.0","A":"old"}""");
        var store = Store();
        var read = await store.ReadAsync(Place, default);
        Once(write => _server.Secrets.Setting = write, () => _server.Secrets.Put(Name, """{"METADATA_TAG":"1.0.0","A":"theirs"}"""));

        await store.ChangeAsync(Place, read, Tag("1.1.0"), Note, default);

        (await store.ReadAsync(Place, default))!.Values!.Text("A").ShouldBe("theirs");
        (await store.ReadAsync(Place, default))!.Values!.Text("METADATA_TAG").ShouldBe("1.1.0");
        _server.Secrets.Versions(Name).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Change_AnotherWritesRightAfter_TheirsStands()
    {
        _server.Secrets.Put(Name, """{"METADATA_TAG":"1.0.0"}""");
        var store = Store();
        var read = await store.ReadAsync(Place, default);
        Once(write => _server.Secrets.Set = write, () => _server.Secrets.Put(Name, """{"METADATA_TAG":"later"}"""));

        await store.ChangeAsync(Place, read, Tag("1.1.0"), Note, default);

        (await store.ReadAsync(Place, default))!.Values!.Text("METADATA_TAG").ShouldBe("later");
        _server.Secrets.Versions(Name).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Change_AnotherWritesEveryTime_EndsAsAConflict()
    {
        _server.Secrets.Put(Name, """{"METADATA_TAG":"1.0.0"}""");
        var store = Store();
        var read = await store.ReadAsync(Place, default);
        _server.Secrets.Setting = _ => _server.Secrets.Put(Name, """{"METADATA_TAG":"theirs"}""");

        (await Should.ThrowAsync<SecretStoreException>(() => store.ChangeAsync(Place, read, Tag("1.1.0"), Note, default))).Fault.ShouldBe(SecretStoreFault.Conflict);
    }

    [Fact]
    public async Task Restore_EarlierVersion_WritesWhatItHeld()
    {
        var first = _server.Secrets.Put(Name, """{"METADATA_TAG":"1.0.0","A":"x"}""");
        _server.Secrets.Put(Name, """{"METADATA_TAG":"1.1.0"}""");
        var store = Store();

        await store.RestoreAsync(Place, (await store.ReadAsync(Place, default))!, (await store.ReadAsync(Place, first, default))!, Note, default);

        _server.Secrets.Versions(Name)[^1].Value.ShouldBe("""{"METADATA_TAG":"1.0.0","A":"x"}""");
    }

    [Fact]
    public async Task Versions_MoreThanAPageAndOneDisabled_AreAllTold()
    {
        for (var i = 0; i < 60; i++)
        {
            _server.Secrets.Put(Name, "{}");
        }

        _server.Secrets.Disable(Name);
        var store = Store();

        var versions = await store.VersionsAsync(Place, default);
        versions.Count.ShouldBe(60);
        versions.Count(version => version.State == VersionState.Deleted).ShouldBe(1);
        (await store.ReadAsync(Place, default))!.Values.ShouldBeNull();
        (await store.VersionsAsync(SecretPlace.Parse("other", "dev"), default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Applications_OtherSecretsInTheVault_AreLeftOut()
    {
        _server.Secrets.Put(Name, "{}");
        _server.Secrets.Put("shop--prd", "{}");
        _server.Secrets.Put("web-shop--dev", "{}");
        _server.Secrets.Put("ConnectionStrings--Main--Db", "x");
        _server.Secrets.Put("certificate", "x");

        (await Store().ApplicationsAsync(default)).ShouldBe(["shop", "web-shop"]);
        (await Store().EnvironmentsAsync("shop", default)).ShouldBe(["dev", "prd"]);
    }

    [Fact]
    public async Task Request_Throttled_IsRepeated()
    {
        _server.Secrets.Put(Name, "{}");
        var store = Store();
        await store.ReadAsync(Place, default);

        _server.FailNext(429, times: 2);
        (await store.ReadAsync(Place, default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Request_VaultFailsAndNobodyListens_AreTransient()
    {
        _server.Secrets.Put(Name, "{}");
        var store = Store();
        await store.ReadAsync(Place, default);

        _server.FailNext(503, times: 10);
        (await Should.ThrowAsync<SecretStoreException>(() => store.ReadAsync(Place, default))).IsTransient.ShouldBeTrue();

        await _server.DisposeAsync();
        (await Should.ThrowAsync<SecretStoreException>(() => store.ReadAsync(Place, default))).IsTransient.ShouldBeTrue();
    }

    [Theory]
    [InlineData("get")]
    [InlineData("set")]
    [InlineData("list")]
    public async Task Change_WithoutAPermission_IsNamed(string permission)
    {
        _server.Secrets.Put(Name, "{}");
        var store = Store();
        var read = await store.ReadAsync(Place, default);
        _server.Secrets.Permissions.Remove(permission);

        var exception = await Should.ThrowAsync<SecretStoreException>(() => store.ChangeAsync(Place, read, Tag("1.1.0"), Note, default));

        exception.Fault.ShouldBe(SecretStoreFault.Denied);
        exception.Message.ShouldContain("Key Vault Secrets Officer");
    }

    [Fact]
    public async Task Change_SecretIsDeletedButRecoverable_SaysWhatToDo()
    {
        _server.Secrets.Put(Name, "{}");
        _server.Secrets.Delete(Name);

        var exception = await Should.ThrowAsync<SecretStoreException>(() => Store().ChangeAsync(Place, null, Tag("1"), Note, default));

        exception.Message.ShouldContain("Recover or purge it.");
    }

    [Fact]
    public async Task Read_ValueThatIsNoJson_IsLeftAloneAndNotRepeated()
    {
        _server.Secrets.Put(Name, "hunter2");

        var exception = await Should.ThrowAsync<SecretStoreException>(() => Store().ReadAsync(Place, default));

        exception.Message.ShouldContain("is no JSON object");
        exception.ToString().ShouldNotContain("hunter2");
    }

    [Fact]
    public async Task Change_MoreThanKeyVaultKeeps_IsRefusedBeforeItIsSent()
    {
        var exception = await Should.ThrowAsync<SecretStoreException>(() => Store().ChangeAsync(Place, null, new Dictionary<string, string?> { ["A"] = new string('x', 25_600) }, Note, default));

        exception.Fault.ShouldBe(SecretStoreFault.TooLarge);
        _server.Count("PUT").ShouldBe(0);
    }

    [Fact]
    public async Task Login_WrongSecret_SaysSoWithoutIt()
    {
        var exception = await Should.ThrowAsync<SecretStoreException>(() => Store(secret: "wrong-client-secret").ReadAsync(Place, default));

        exception.Fault.ShouldBe(SecretStoreFault.LoginFailed);
        exception.Message.ShouldContain("AADSTS7000215");
        exception.ToString().ShouldNotContain("wrong-client-secret");
    }

    [Fact]
    public async Task Login_WorkloadIdentity_UsesThePodsToken()
    {
        _server.Secrets.Put(Name, "{}");
        var options = Options() with { ClientSecretFile = null, FederatedTokenFile = Write("jwt", _server.Entra.FederatedToken) };

        (await Store(options).ReadAsync(Place, default)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("shop.api", "dev")]
    [InlineData("shop--api", "dev")]
    public async Task Place_ThatKeyVaultCannotName_IsRefused(string application, string environment) =>
        (await Should.ThrowAsync<SecretStoreException>(() => Store().ReadAsync(SecretPlace.Parse(application, environment), default))).Message.ShouldContain("has no name in Key Vault");

    private static Dictionary<string, string?> Tag(string tag) => new() { ["METADATA_TAG"] = tag };

    private static void Once(Action<Action<string>?> hook, Action write) => hook(_ =>
    {
        hook(null);
        write();
    });

    private KeyVaultOptions Options(string secret = "a-client-secret") => new()
    {
        Vault = _server.Vault,
        TenantId = EntraTokens.Tenant,
        ClientId = _server.Entra.ClientId,
        ClientSecretFile = Write("secret", secret + "\n"),
    };

    private KeyVaultSecretStore Store(string secret = "a-client-secret") => Store(Options(secret));

    private KeyVaultSecretStore Store(KeyVaultOptions options) => new(
        KeyVaultClients.Create(options, new HttpClient(_server.CreateHandler())), options.Naming, NullLogger<KeyVaultSecretStore>.Instance);

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }
}
