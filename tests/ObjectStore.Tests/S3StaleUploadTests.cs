using Ebb.TestServers.S3;

namespace Ebb.ObjectStore.Tests;

public sealed class S3StaleUploadTests : StandInTestBase
{
    [Fact]
    public async Task RemoveStaleUploads_StoreThatListsNoneForAPrefix_FindsThoseOfThePrefixAndNoOthers()
    {
        Server.ListsUploadsByPrefix = false;
        await using var elsewhere = Open(Options(Server.Login, "elsewhere"));
        await using var other = await BeginAsync(elsewhere, "prod-1");
        await using var ofAnotherCluster = await BeginAsync(Store, "test-1");
        await using var left = await BeginAsync(Store, "prod-1");

        var removed = await Store.RemoveStaleUploadsAsync("prod-", TimeSpan.FromHours(-1), Cancellation);

        removed.ShouldHaveSingleItem().Key.Value.ShouldBe("prod-1");
        Server.Uploads.ShouldBe(2);
        (await other.CompleteAsync(Cancellation)).Size.ShouldBe(9_000_000);
    }

    [Fact]
    public async Task RemoveStaleUploads_StoreThatListsThem_IsNotAskedForTheWholeBucket()
    {
        await using var left = await BeginAsync(Store, "prod-1");

        (await Store.RemoveStaleUploadsAsync("prod-", TimeSpan.FromHours(-1), Cancellation)).ShouldHaveSingleItem();

        Count("ListMultipartUploads").ShouldBe(1);
    }

    [Theory]
    [InlineData(true, ProbeSupport.Works)]
    [InlineData(false, ProbeSupport.Missing)]
    public async Task Probe_StaleUploads_AreThereWhenAnUploadIsListed(bool forTheBucket, ProbeSupport expected)
    {
        Server.ListsUploadsByPrefix = false;
        if (!forTheBucket)
        {
            Server.Fail(new S3Fault("ListMultipartUploads") { Page = "<ListMultipartUploadsResult><Bucket>backups</Bucket></ListMultipartUploadsResult>", Times = int.MaxValue });
        }

        var probe = await Store.ProbeAsync(Cancellation);

        probe.Of(StoreCapability.StaleUploads).Support.ShouldBe(expected, probe.Of(StoreCapability.StaleUploads).Message);
        probe.Of(StoreCapability.LargeObjects).Support.ShouldBe(ProbeSupport.Works);
        Server.Uploads.ShouldBe(0);
    }

    private static async Task<UploadStream> BeginAsync(IObjectStore store, string key)
    {
        var upload = await store.OpenUploadAsync(ObjectKey.Parse(key), UploadOptions.Default, Cancellation);
        await upload.WriteAsync(Bytes(9_000_000), Cancellation);
        return upload;
    }
}
