using Ebb.Vault.KeyValue;

namespace Ebb.Vault.Tests.KeyValue;

public sealed class VaultKeyValueChangeTests : KeyValueTestBase
{
    [Fact]
    public async Task Patch_ChangesAndRemovesKeys_AndLeavesTheOthers()
    {
        Stored.Put(Path, ("METADATA_TAG", "1.0.0"), ("PASSWORD", "p w"), ("OLD", "x"));

        var written = await Engine().PatchAsync(Path, new Dictionary<string, string?> { ["METADATA_TAG"] = "1.1.0", ["OLD"] = null }, checkAndSet: 1, default);

        written.Number.ShouldBe(2);
        Stored.Data(Path)!.ToJsonString().ShouldBe("""{"METADATA_TAG":"1.1.0","PASSWORD":"p w"}""");
    }

    [Fact]
    public async Task Patch_ServerWithoutIt_IsNamedAndRemembered()
    {
        Stored.KnowsPatch = false;
        Stored.Put(Path, ("A", "x"));
        var engine = Engine();
        engine.KnowsPatch.ShouldBeTrue();

        (await Should.ThrowAsync<VaultException>(() => engine.PatchAsync(Path, Tag("1"), 1, default))).Fault.ShouldBe(VaultFault.PatchUnknown);

        engine.KnowsPatch.ShouldBeFalse();
        Stored.CurrentVersion(Path).ShouldBe(1);
    }

    [Fact]
    public async Task Change_ServerWithPatch_IsOneRequest()
    {
        Stored.Put(Path, ("METADATA_TAG", "1.0.0"), ("PASSWORD", "p"));
        var engine = Engine();
        var read = (await engine.ReadAsync(Path, null, default))!;

        (await engine.ChangeAsync(Path, read, Tag("1.1.0"), default)).Number.ShouldBe(2);

        Server.Count("PATCH /v1/kvv2/data/").ShouldBe(1);
        Server.Count("POST /v1/kvv2/data/").ShouldBe(0);
    }

    [Fact]
    public async Task Change_ServerWithoutPatch_WritesAllKeysAndAsksForPatchOnce()
    {
        Stored.KnowsPatch = false;
        Stored.Put(Path, ("METADATA_TAG", "1.0.0"), ("PASSWORD", "p \"w\" \\ ü"));
        var engine = Engine();

        await engine.ChangeAsync(Path, (await engine.ReadAsync(Path, null, default))!, Tag("1.1.0"), default);
        await engine.ChangeAsync(Path, (await engine.ReadAsync(Path, null, default))!, Tag("1.2.0"), default);

        Server.Count("PATCH").ShouldBe(1);
        Stored.CurrentVersion(Path).ShouldBe(3);
        var data = Stored.Data(Path)!;
        ((string?)data["METADATA_TAG"], (string?)data["PASSWORD"]).ShouldBe(("1.2.0", "p \"w\" \\ ü"));
    }

    [Fact]
    public async Task Change_OnlyMetadataCannotBePatched_DataStillIs()
    {
        Stored.KnowsMetadataPatch = false;
        Stored.Put(Path, ("METADATA_TAG", "1.0.0"), ("PASSWORD", "p"));
        var engine = Engine();
        var note = new KeyValueMetadataChange { CustomMetadata = new Dictionary<string, string?> { ["ebb.1"] = "note" } };
        (await Should.ThrowAsync<VaultException>(() => engine.PatchMetadataAsync(Path, note, default))).Fault.ShouldBe(VaultFault.PatchUnknown);

        await engine.ChangeAsync(Path, (await engine.ReadAsync(Path, null, default))!, Tag("1.1.0"), default);

        (engine.KnowsPatch, engine.KnowsMetadataPatch).ShouldBe((true, false));
        (Server.Count("PATCH /v1/kvv2/data/"), Server.Count("POST /v1/kvv2/data/")).ShouldBe((1, 0));
    }

    [Theory]
    [InlineData("read,create,update kvv2/*")]
    [InlineData("read,create,update,patch kvv2/*")]
    public async Task Change_PolicyWithOrWithoutPatch_Works(string policy)
    {
        Stored.Put(Path, ("METADATA_TAG", "1.0.0"), ("PASSWORD", "p"));
        var engine = Engine(policy);

        await engine.ChangeAsync(Path, (await engine.ReadAsync(Path, null, default))!, Tag("1.1.0"), default);

        Stored.Data(Path)!.ToJsonString().ShouldContain("\"p\"");
        Stored.CurrentVersion(Path).ShouldBe(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Change_SomebodyWroteMeanwhile_IsAConflictAndTheirsStays(bool knowsPatch)
    {
        Stored.KnowsPatch = knowsPatch;
        Stored.Put(Path, ("METADATA_TAG", "1.0.0"));
        var engine = Engine();
        var read = (await engine.ReadAsync(Path, null, default))!;
        Stored.Put(Path, ("METADATA_TAG", "theirs"));

        (await Should.ThrowAsync<VaultException>(() => engine.ChangeAsync(Path, read, Tag("1.1.0"), default))).Fault.ShouldBe(VaultFault.VersionConflict);

        ((string?)Stored.Data(Path)!["METADATA_TAG"]).ShouldBe("theirs");
    }

    [Fact]
    public async Task Change_SecretDeletedMeanwhile_IsAConflictAndStaysDeleted()
    {
        Stored.Put(Path, ("METADATA_TAG", "1.0.0"));
        var engine = Engine();
        var read = (await engine.ReadAsync(Path, null, default))!;
        Stored.Delete(Path);

        (await Should.ThrowAsync<VaultException>(() => engine.ChangeAsync(Path, read, Tag("1.1.0"), default))).Fault.ShouldBe(VaultFault.VersionConflict);

        Stored.CurrentVersion(Path).ShouldBe(1);
        engine.KnowsPatch.ShouldBeTrue();
    }

    [Fact]
    public async Task Change_ProxyThatAnswersPatchWith404_IsTakenForAServerWithoutPatch()
    {
        Stored.Put(Path, ("METADATA_TAG", "1.0.0"), ("PASSWORD", "p"));
        var engine = Engine();
        var read = (await engine.ReadAsync(Path, null, default))!;
        Server.FailNext(404);

        await engine.ChangeAsync(Path, read, Tag("1.1.0"), default);

        engine.KnowsPatch.ShouldBeFalse();
        Stored.Data(Path)!.ToJsonString().ShouldContain("\"p\"");
    }

    [Fact]
    public async Task Change_DeletedVersion_BeginsAnew()
    {
        Stored.Put(Path, ("METADATA_TAG", "1.0.0"), ("PASSWORD", "p"));
        Stored.Delete(Path);
        var engine = Engine();

        (await engine.ChangeAsync(Path, (await engine.ReadAsync(Path, null, default))!, Tag("1.1.0"), default)).Number.ShouldBe(2);

        Stored.Data(Path)!.ToJsonString().ShouldBe("""{"METADATA_TAG":"1.1.0"}""");
    }

    [Fact]
    public async Task Change_AnswersLost_WritesOneVersion()
    {
        Stored.Put(Path, ("METADATA_TAG", "1.0.0"));
        var engine = Engine();
        var read = (await engine.ReadAsync(Path, null, default))!;
        Server.FailNext(503, "node is not active", times: 2, retryAfter: "0");

        (await engine.ChangeAsync(Path, read, Tag("1.1.0"), default)).Number.ShouldBe(2);

        Stored.CurrentVersion(Path).ShouldBe(2);
    }

    [Fact]
    public async Task Change_ManyWritersThatReadAgainOnConflict_LoseNothing()
    {
        Stored.Put(Path, ("PASSWORD", "p"));
        var engine = Engine();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            while (true)
            {
                try
                {
                    var read = (await engine.ReadAsync(Path, null, default))!;
                    await engine.ChangeAsync(Path, read, new Dictionary<string, string?> { [$"KEY_{writer}"] = "done" }, default);
                    return;
                }
                catch (VaultException exception) when (exception.Fault == VaultFault.VersionConflict)
                {
                    // Another one was first.
                }
            }
        }));

        Stored.Data(Path)!.Count.ShouldBe(9);
        Stored.CurrentVersion(Path).ShouldBe(9);
    }
}
