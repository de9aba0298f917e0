using Ebb.TestServers.S3;

namespace Ebb.ObjectStore.Tests;

public sealed class S3DownloadFaultTests : StandInTestBase
{
    [Fact]
    public async Task BodyThatIsCut_IsReadOnWhereItWasCut()
    {
        var content = Bytes(3_000_000);
        Server.Put("etcd/prod.snap.age", content);
        Server.Fail(new S3Fault("GetObject") { CutAnswerAfter = 700_000, Times = 3 });

        ShouldBeSame(await Store.GetAsync(Key, content.Length, Cancellation), content);

        Count("GetObject").ShouldBe(4);
    }

    [Fact]
    public async Task RangeThatIsCut_IsReadOnWhereItWasCut()
    {
        var content = Bytes(3_000_000);
        Server.Put("etcd/prod.snap.age", content);
        Server.Fail(new S3Fault("GetObject") { CutAnswerAfter = 300_000, Times = 2 });

        await using var download = await Store.OpenDownloadAsync(Key, new ByteRange(1_000_000, 1_000_000), Cancellation);

        ShouldBeSame(await download.ReadAllAsync(1_000_000, Cancellation), content[1_000_000..2_000_000]);
    }

    [Fact]
    public async Task ObjectReplacedMeanwhile_IsNotMixed()
    {
        Server.Put("etcd/prod.snap.age", Bytes(3_000_000));
        Server.Fail(new S3Fault("GetObject") { CutAnswerAfter = 700_000 });
        await using var download = await Store.OpenDownloadAsync(Key, range: null, Cancellation);
        Server.Put("etcd/prod.snap.age", Bytes(3_000_000));

        await FaultAsync(async () => await download.CopyToAsync(Stream.Null, Cancellation), ObjectStoreFault.Changed);
    }

    [Fact]
    public async Task BodyThatIsAlwaysCutAtOnce_IsReported()
    {
        Server.Put("etcd/prod.snap.age", Bytes(3_000_000));
        Server.Fail(new S3Fault("GetObject") { CutAnswerAfter = 700_000 });
        Server.Fail(new S3Fault("GetObject") { Error = (500, "InternalError"), Times = int.MaxValue });
        await using var download = await Store.OpenDownloadAsync(Key, range: null, Cancellation);

        await FaultAsync(async () => await download.CopyToAsync(Stream.Null, Cancellation), ObjectStoreFault.ServerError);

        download.Position.ShouldBeLessThanOrEqualTo(700_000);
    }

    [Fact]
    public async Task List_OnManyPages_IsWholeAndSurvivesFailures()
    {
        Server.PageSize = 3;
        Server.Fail(new S3Fault("ListObjectsV2") { Error = (503, "SlowDown"), After = 1, Times = 2 });
        for (var i = 0; i < 10; i++)
        {
            Server.Put($"etcd/{i}", Bytes(1));
        }

        Server.Put("etcd/not//safe", Bytes(1));
        Server.Put("etcdx", Bytes(1));
        (await ListAsync(Store)).ShouldBe(Enumerable.Range(0, 10).Select(i => $"{i}"));
    }
}
