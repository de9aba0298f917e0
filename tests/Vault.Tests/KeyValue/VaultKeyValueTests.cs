using Ebb.Vault.KeyValue;

namespace Ebb.Vault.Tests.KeyValue;

public sealed class VaultKeyValueTests : KeyValueTestBase
{
    [Fact]
    public async Task Read_NewestAndAnEarlierVersion_HoldWhatWasWritten()
    {
        var engine = Engine();
        await engine.WriteAsync(Path, Data("""{"METADATA_TAG":"1.0.0","A":"x"}"""), checkAndSet: 0, default);
        await engine.WriteAsync(Path, Data("""{"METADATA_TAG":"1.1.0","A":"y"}"""), checkAndSet: 1, default);

        var newest = (await engine.ReadAsync(Path, null, default))!;
        (newest.Version.Number, newest.Data!.Text("METADATA_TAG"), newest.Data.Text("A")).ShouldBe((2, "1.1.0", "y"));
        newest.Version.Created.ShouldBe(Time.GetUtcNow(), TimeSpan.FromMinutes(1));
        (await engine.ReadAsync(Path, 1, default))!.Data!.Text("METADATA_TAG").ShouldBe("1.0.0");
    }

    [Fact]
    public async Task Read_NumberWithoutQuotes_ComesAsTheServerReadsIt()
    {
        Stored.Put(Path, """{"z":1.10,"b":1e3,"c":"1.10"}""");

        var data = (await Engine().ReadAsync(Path, null, default))!.Data!;

        System.Text.Encoding.UTF8.GetString(data.ToJson().Span).ShouldBe("""{"b":1000,"c":"1.10","z":1.1}""");
    }

    [Fact]
    public async Task Read_SecretOrVersionThatNeverWas_IsNull()
    {
        Stored.Put(Path, ("A", "x"));

        (await Engine().ReadAsync("application/other/dev/docker", null, default)).ShouldBeNull();
        (await Engine().ReadAsync(Path, 7, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Read_DeletedAndDestroyedVersions_ComeWithoutData()
    {
        Stored.Put(Path, ("A", "x"));
        Stored.Put(Path, ("A", "y"));
        Stored.Delete(Path);
        Stored.Destroy(Path, 1);

        var deleted = (await Engine().ReadAsync(Path, null, default))!;
        (deleted.Version.Number, deleted.Data, deleted.Version.Destroyed, deleted.Version.Deleted is null).ShouldBe((2, null, false, false));
        deleted.Version.IsReadableAt(Time.GetUtcNow()).ShouldBeFalse();
        (await Engine().ReadAsync(Path, 1, default))!.Version.Destroyed.ShouldBeTrue();
    }

    [Fact]
    public async Task Read_EngineThatIsNotMounted_IsNotTakenForASecretThatIsNotThere()
    {
        var engine = new VaultKeyValue(ClientWithToken("read elsewhere/*"), "elsewhere");

        var exception = await Should.ThrowAsync<VaultException>(() => engine.ReadAsync(Path, null, default));

        exception.Fault.ShouldBe(VaultFault.NotFound);
        exception.Message.ShouldContain("no handler for route");
    }

    [Fact]
    public async Task Read_WithoutThePermission_NamesCapabilityAndPath()
    {
        var exception = await Should.ThrowAsync<VaultException>(() => Engine("list kvv2/*").ReadAsync(Path, null, default));

        exception.Fault.ShouldBe(VaultFault.Denied);
        exception.Message.ShouldContain($"Give the token's policy the capability 'read' on kvv2/data/{Path}.");
        exception.Errors.ShouldHaveSingleItem().ShouldContain("permission denied");
    }

    [Theory]
    [InlineData("application/../prd/docker")]
    [InlineData("application//docker")]
    [InlineData("/application")]
    [InlineData("application/dev\n/docker")]
    [InlineData("")]
    public async Task Read_PathThatIsNone_IsRefusedBeforeAnythingIsSent(string path)
    {
        await Should.ThrowAsync<ArgumentException>(() => Engine().ReadAsync(path, null, default));

        Server.Count().ShouldBe(0);
    }

    [Fact]
    public async Task Read_PathWithPercentSignsAndSpaces_ReachesThatVerySecret()
    {
        Stored.Put("a b/%2e%2e/ü?x=1#", ("A", "x"));

        (await Engine().ReadAsync("a b/%2e%2e/ü?x=1#", null, default))!.Data!.Text("A").ShouldBe("x");
    }

    [Fact]
    public async Task Write_WrongVersion_IsAConflictAndWritesNothing()
    {
        Stored.Put(Path, ("A", "x"));

        var exception = await Should.ThrowAsync<VaultException>(() => Engine().WriteAsync(Path, Data("""{"A":"y"}"""), checkAndSet: 0, default));

        (exception.Fault, exception.IsTransient).ShouldBe((VaultFault.VersionConflict, false));
        exception.Message.ShouldContain("check-and-set parameter did not match the current version");
        Stored.CurrentVersion(Path).ShouldBe(1);
    }

    [Fact]
    public async Task Write_CheckAndSetDemandedAndNotGiven_IsNamed()
    {
        Stored.CasRequired = true;

        var exception = await Should.ThrowAsync<VaultException>(() => Engine().WriteAsync(Path, Data("""{"A":"y"}"""), checkAndSet: null, default));

        exception.Fault.ShouldBe(VaultFault.CheckAndSetRequired);
        (await Engine().WriteAsync(Path, Data("""{"A":"y"}"""), checkAndSet: 0, default)).Number.ShouldBe(1);
    }

    [Fact]
    public async Task Write_OverADeletedVersion_NeedsThatVersionAndNotZero()
    {
        Stored.Put(Path, ("A", "x"));
        Stored.Delete(Path);

        (await Should.ThrowAsync<VaultException>(() => Engine().WriteAsync(Path, Data("""{"A":"y"}"""), 0, default))).Fault.ShouldBe(VaultFault.VersionConflict);
        (await Engine().WriteAsync(Path, Data("""{"A":"y"}"""), 1, default)).Number.ShouldBe(2);
    }

    [Fact]
    public async Task Write_NewSecretWithoutCreate_IsDenied()
    {
        var exception = await Should.ThrowAsync<VaultException>(() => Engine("update,read kvv2/*").WriteAsync(Path, Data("""{"A":"y"}"""), 0, default));

        exception.Fault.ShouldBe(VaultFault.Denied);
        exception.Message.ShouldContain("'create'");
    }

    [Fact]
    public async Task Write_AnswerLostOnce_WritesOneVersion()
    {
        Server.FailNext(502, times: 2, retryAfter: "0");

        (await Engine().WriteAsync(Path, Data("""{"A":"y"}"""), checkAndSet: 0, default)).Number.ShouldBe(1);

        Stored.CurrentVersion(Path).ShouldBe(1);
    }

    [Fact]
    public async Task Write_WithoutCheckAndSet_IsNotRepeated()
    {
        var engine = Engine();
        await engine.ReadAsync(Path, null, default);
        Server.FailNext(502, retryAfter: "0");

        await Should.ThrowAsync<VaultException>(() => engine.WriteAsync(Path, Data("""{"A":"y"}"""), checkAndSet: null, default));

        Stored.CurrentVersion(Path).ShouldBe(0);
    }

    [Fact]
    public async Task MaxVersions_Reached_OldestVersionsAreGone()
    {
        Stored.MaxVersions = 2;
        var engine = Engine();
        for (var version = 0; version < 4; version++)
        {
            await engine.WriteAsync(Path, Data($$"""{"A":"{{version}}"}"""), version, default);
        }

        (await engine.ReadAsync(Path, 2, default)).ShouldBeNull();
        var metadata = (await engine.ReadMetadataAsync(Path, default))!;
        metadata.Versions.Select(version => version.Number).ShouldBe([3, 4]);
        (metadata.CurrentVersion, metadata.OldestVersion).ShouldBe((4, 3));
    }

    [Fact]
    public async Task Request_ToAStandby_IsForwardedOrNamed()
    {
        Server.Standby = true;
        Stored.Put(Path, ("A", "x"));
        (await Engine().ReadAsync(Path, null, default))!.Version.Number.ShouldBe(1);

        Server.Forwards = false;
        Server.ActiveAddress = "http://vault-1:8200";
        (await Should.ThrowAsync<VaultException>(() => Engine().ReadAsync(Path, null, default))).Fault.ShouldBe(VaultFault.Standby);

        Server.ActiveAddress = null;
        var exception = await Should.ThrowAsync<VaultException>(() => Engine().ReadAsync(Path, null, default));
        exception.Fault.ShouldBe(VaultFault.Standby);
        exception.Message.ShouldContain("no active Vault instance found");
    }

    [Fact]
    public async Task Request_NodeThatLagsBehindForever_IsNamed()
    {
        var engine = Engine();
        await engine.ReadAsync(Path, null, default);
        Server.FailNext(412, "required index state not present", times: 5);

        var exception = await Should.ThrowAsync<VaultException>(() => engine.ReadAsync(Path, null, default));

        (exception.Fault, exception.IsTransient).ShouldBe((VaultFault.Behind, true));
    }

    [Fact]
    public async Task Request_ConnectionsCutForAWhile_SucceedsAfterwards()
    {
        Stored.Put(Path, ("A", "x"));
        var engine = Engine();
        await engine.ReadAsync(Path, null, default);

        Server.Down = true;
        (await Should.ThrowAsync<VaultException>(() => engine.ReadAsync(Path, null, default))).Fault.ShouldBe(VaultFault.Unreachable);
        Server.Down = false;

        (await engine.ReadAsync(Path, null, default))!.Version.Number.ShouldBe(1);
    }
}
