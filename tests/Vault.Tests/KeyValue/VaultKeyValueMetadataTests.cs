using Ebb.Vault.KeyValue;

namespace Ebb.Vault.Tests.KeyValue;

public sealed class VaultKeyValueMetadataTests : KeyValueTestBase
{
    [Fact]
    public async Task List_FoldersAndSecrets_AreTold()
    {
        Stored.Put("application/shop/dev/docker", ("A", "x"));
        Stored.Put("application/shop/dev/resources", ("A", "x"));
        Stored.Put("application/web/dev/docker", ("A", "x"));

        (await Engine().ListAsync("application", default)).ShouldBe(["shop/", "web/"]);
        (await Engine().ListAsync("application/shop/dev", default)).ShouldBe(["docker", "resources"]);
        (await Engine().ListAsync("", default)).ShouldBe(["application/"]);
        (await Engine().ListAsync("nothing/here", default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task List_WithoutThePermission_IsNoEmptyList() =>
        (await Should.ThrowAsync<VaultException>(() => Engine("read kvv2/*").ListAsync("application", default))).Message.ShouldContain("the capability 'list' on kvv2/metadata/application/");

    [Fact]
    public async Task Metadata_PatchOfCustom_LeavesOthersAndMakesNoVersion()
    {
        Stored.Put(Path, ("A", "x"));
        var engine = Engine();
        await engine.WriteMetadataAsync(Path, new KeyValueMetadataChange { CustomMetadata = new Dictionary<string, string?> { ["owner"] = "team", ["old"] = "x" }, MaxVersions = 5 }, default);

        await engine.PatchMetadataAsync(Path, new KeyValueMetadataChange { CustomMetadata = new Dictionary<string, string?> { ["ebb.1"] = "note", ["old"] = null } }, default);

        var metadata = (await engine.ReadMetadataAsync(Path, default))!;
        metadata.CustomMetadata.ShouldBe(new Dictionary<string, string> { ["ebb.1"] = "note", ["owner"] = "team" }, ignoreOrder: true);
        (metadata.CurrentVersion, metadata.MaxVersions, metadata.CheckAndSetRequired).ShouldBe((1, 5, false));
        (await engine.ReadAsync(Path, null, default))!.CustomMetadata["owner"].ShouldBe("team");
    }

    [Fact]
    public async Task Metadata_OverTheLimits_IsRefusedWithEveryProblemBeforeItIsSent()
    {
        var custom = Enumerable.Range(0, 65).ToDictionary(i => $"k{i}", _ => (string?)"v");
        custom["k0"] = new string('é', 257);
        custom["k1"] = "";
        custom[new string('k', 129)] = "v";

        var exception = await Should.ThrowAsync<ArgumentException>(() => Engine().PatchMetadataAsync(Path, new KeyValueMetadataChange { CustomMetadata = custom }, default));

        exception.Message.ShouldContain("66 keys");
        exception.Message.ShouldContain("k0 has 514 bytes");
        exception.Message.ShouldContain("k1 has 0 bytes");
        exception.Message.ShouldContain("one has 129 bytes");
        Server.Count().ShouldBe(0);
    }

    [Fact]
    public async Task Metadata_OfASecretThatIsNotThere_IsNullAndCannotBePatched()
    {
        (await Engine().ReadMetadataAsync(Path, default)).ShouldBeNull();
        var change = new KeyValueMetadataChange { CustomMetadata = new Dictionary<string, string?> { ["a"] = "b" } };
        (await Should.ThrowAsync<VaultException>(() => Engine().PatchMetadataAsync(Path, change, default))).Fault.ShouldBe(VaultFault.NotFound);
    }

    [Fact]
    public async Task Versions_DeletedAndDestroyed_AreToldApart()
    {
        Stored.Put(Path, ("A", "1"));
        Stored.Put(Path, ("A", "2"));
        Stored.Put(Path, ("A", "3"));
        var engine = Engine();

        Stored.Delete(Path, 3);
        Stored.Destroy(Path, 1);

        var now = Time.GetUtcNow();
        (await engine.ReadMetadataAsync(Path, default))!.Versions.Select(version => (version.Number, version.IsReadableAt(now), version.Destroyed))
            .ShouldBe([(1, false, true), (2, true, false), (3, false, false)]);
        (await engine.ReadAsync(Path, 2, default))!.Data!.Text("A").ShouldBe("2");
    }
}
