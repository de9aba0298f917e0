namespace Ebb.ObjectStore.Tests;

public sealed class ContractOnSwiftTests(SwiftFixture fixture) : StoreContractTests, IClassFixture<SwiftFixture>
{
    private readonly string _prefix = $"{Guid.NewGuid():N}/etcd";

    private protected override ValueTask<IObjectStore> OpenAsync() => new(Open(Options(fixture.Server.Login, _prefix)));

    [Fact]
    public async Task RemoveStaleUploads_OfADeadWriter_RemovesThoseUnderThePrefixOnly()
    {
        var login = fixture.Server.Login;
        await using var elsewhere = Open(Options(login, $"{Guid.NewGuid():N}"));
        await using var other = await elsewhere.OpenUploadAsync(ObjectKey.Parse("b"), UploadOptions.Default, Cancellation);
        await other.WriteAsync(Bytes(9_000_000), Cancellation);
        await using var left = await Store.OpenUploadAsync(ObjectKey.Parse("a/1"), UploadOptions.Default, Cancellation);
        await left.WriteAsync(Bytes(9_000_000), Cancellation);

        (await Store.RemoveStaleUploadsAsync("", TimeSpan.FromHours(1), Cancellation)).ShouldBeEmpty();
        var removed = await Store.RemoveStaleUploadsAsync("a/", TimeSpan.FromHours(-1), Cancellation);

        removed.ShouldHaveSingleItem().Key.Value.ShouldBe("a/1");
        (await Store.RemoveStaleUploadsAsync("", TimeSpan.FromHours(-1), Cancellation)).ShouldBeEmpty();
        await FaultAsync(async () => await left.CompleteAsync(Cancellation), ObjectStoreFault.UploadGone);
        (await other.CompleteAsync(Cancellation)).Size.ShouldBe(9_000_000);
    }

    [Fact]
    public async Task Probe_NamesWhatSwiftLacks()
    {
        var findings = (await Store.ProbeAsync(Cancellation)).Findings;

        findings.Where(finding => finding.Support != ProbeSupport.Works).Select(finding => finding.Capability)
            .ShouldBe([StoreCapability.OnlyIfAbsent, StoreCapability.Retention], ignoreOrder: true, string.Join('\n', findings));
    }

    [Fact]
    public async Task WrongSecret_IsNamedAndNotShown()
    {
        await using var store = Open(Options(fixture.Server.Login, _prefix) with { SecretKey = "not-the-right-one" });

        var exception = await FaultAsync(() => store.PutAsync(ObjectKey.Parse("a"), Bytes(1), UploadOptions.Default, Cancellation), ObjectStoreFault.CredentialsRefused);

        exception.Message.ShouldNotContain("not-the-right-one");
    }

    [Fact]
    public async Task MissingBucket_IsNamed()
    {
        var options = Options(fixture.Server.Login, "x") with { Url = "s3://no-such-bucket/x" };
        await using var store = Open(options);

        var exception = await FaultAsync(() => store.PutAsync(ObjectKey.Parse("a"), Bytes(1), UploadOptions.Default, Cancellation), ObjectStoreFault.BucketMissing);

        exception.Message.ShouldContain("Create the bucket 'no-such-bucket'");
    }

    [Fact]
    public async Task ETags_OfARealStore_Match() =>
        (await UploadAsync(Store, ObjectKey.Parse("small"), Bytes(1000))).ETagCheck.ShouldBe(ETagCheck.Matches);
}
