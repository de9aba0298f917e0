using Ebb.EtcdBackup.Snapshots;
using Ebb.ObjectStore;
using Ebb.TestServers.Etcd;
using Ebb.TestServers.S3;

namespace Ebb.EtcdBackup.Tests.Backups;

/// <summary>Stores that refuse, fail and lie: nothing that they do makes a bad backup list as good.</summary>
public sealed class StoreFaultTests : IAsyncLifetime
{
    private readonly BackupBench _bench = new();
    private EtcdStandIn _member = null!;
    private S3Server _s3 = null!;

    public async ValueTask InitializeAsync()
    {
        _member = await EtcdStandIn.StartAsync();
        _s3 = await S3Server.StartAsync();
        _bench.With("Endpoints", _member.Endpoint).With("Store", $"s3://{_s3.Login.Bucket}").With("Store:Endpoint", _s3.Login.Endpoint)
            .With("AWS_ACCESS_KEY_ID", _s3.Login.AccessKey).With("AWS_SECRET_ACCESS_KEY", _s3.Login.SecretKey);
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _s3.DisposeAsync();
        await _member.DisposeAsync();
    }

    [Fact]
    public async Task Run_BareBucket_HasTheKeysOfTalosBackup()
    {
        await _bench.StartAsync();

        var report = await _bench.RunAsync();

        _s3.ObjectKeys.ShouldBe([$"prod/{report.Name}", $"prod/{report.Name}.json"], ignoreOrder: true);
        (await _bench.Catalog.ListAsync(BackupBench.Token)).Verified.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Run_CredentialsRefused_IsNamed()
    {
        await _bench.With("AWS_SECRET_ACCESS_KEY", "wrong").StartAsync();

        await FailAsync(ObjectStoreFault.CredentialsRefused);
    }

    [Fact]
    public async Task Run_BucketMissing_IsNamed()
    {
        await _bench.With("Store", "s3://elsewhere").StartAsync();

        await FailAsync(ObjectStoreFault.BucketMissing);
    }

    [Fact]
    public async Task Run_ClocksApart_IsNamed()
    {
        _s3.Fail(new S3Fault("ListMultipartUploads") { Error = (403, "RequestTimeTooSkewed"), Times = 100 });
        await _bench.StartAsync();

        await FailAsync(ObjectStoreFault.ClockSkew);
    }

    [Fact]
    public async Task Run_AStormOf503_IsRiddenOut()
    {
        foreach (var operation in new[] { "HeadObject", "PutObject", "GetObject", "ListObjectsV2" })
        {
            _s3.Fail(new S3Fault(operation) { Error = (503, "SlowDown"), Times = 2 });
        }

        await _bench.StartAsync();

        (await _bench.RunAsync()).Verified.ShouldBeTrue();
    }

    [Fact]
    public async Task Run_ConnectionCutAtPartThree_IsSentAgain()
    {
        _member.Script = SnapshotScript.Of(10_000);
        _s3.Fail(new S3Fault("UploadPart") { Part = 3, CutRequestAfter = 100_000 });
        await _bench.StartAsync();

        (await _bench.RunAsync()).Verified.ShouldBeTrue();

        await ShouldHoldAsync();
    }

    [Fact]
    public async Task Run_PartThreeRefusedForGood_LeavesNoUploadBehind()
    {
        _member.Script = SnapshotScript.Of(10_000);
        _s3.Fail(new S3Fault("UploadPart") { Part = 3, Error = (403, "AccessDenied"), Times = 100 });
        await _bench.StartAsync();

        await Should.ThrowAsync<ObjectStoreException>(() => _bench.RunAsync());

        _s3.ObjectKeys.ShouldBeEmpty();
        _s3.Uploads.ShouldBe(0);
    }

    [Fact]
    public async Task Run_SnapshotBreaksHalfWay_LeavesNoUploadBehind()
    {
        _member.Script = SnapshotScript.Of(10_000) with { Fault = SnapshotFault.Cuts, FaultAfter = 30_000_000 };
        await _bench.StartAsync();

        await _bench.FailAsync(SnapshotFailure.ConnectionLost);

        _s3.ObjectKeys.ShouldBeEmpty();
        _s3.Uploads.ShouldBe(0);
    }

    [Theory]
    [InlineData("PutObject", 64, 0)]
    [InlineData("UploadPart", 10_000, 2)]
    public async Task Run_StoreKeepsSomethingElseAndSaysNothing_IsFoundByReadingBack(string operation, int pages, int part)
    {
        _member.Script = SnapshotScript.Of(pages);
        _s3.Fail(new S3Fault(operation) { Damage = true, Part = part });
        await _bench.StartAsync();

        (await _bench.FailAsync(SnapshotFailure.ReadBack)).Message.ShouldContain("does not give back what was stored");

        (await _bench.Catalog.ListAsync(BackupBench.Token)).Snapshots.ShouldBeEmpty();
        (await _bench.RunAsync()).Verified.ShouldBeTrue();
    }

    [Fact]
    public async Task Run_ETagThatLies_IsNoReasonToDoubtWhatWasReadBack()
    {
        _s3.Fail(new S3Fault("PutObject") { ETag = "\"00000000000000000000000000000000\"" });
        await _bench.StartAsync();

        (await _bench.RunAsync()).Verified.ShouldBeTrue();

        await ShouldHoldAsync();
    }

    [Fact]
    public async Task Run_SidecarRefused_DoesNotCount()
    {
        _s3.Fail(new S3Fault("PutObject") { After = 1, Error = (403, "AccessDenied"), Times = 100 });
        await _bench.StartAsync();

        await Should.ThrowAsync<ObjectStoreException>(() => _bench.RunAsync());

        (await _bench.Catalog.ListAsync(BackupBench.Token)).Snapshots.ShouldHaveSingleItem().State.ShouldBe(SnapshotState.Unverified);
    }

    [Fact]
    public async Task Run_DeletingForbidden_KeepsTheBackupAndSaysSo()
    {
        await _bench.StartAsync();
        await _bench.RunAsync();
        _s3.Fail(new S3Fault("DeleteObject") { Error = (403, "AccessDenied"), Times = 100 });

        var report = await _bench.RunAsync();

        report.Verified.ShouldBeTrue();
        report.Prune!.Deleted.ShouldBeEmpty();
        report.Prune.Failed.ShouldHaveSingleItem().ShouldContain("prod-");
    }

    [Theory]
    [InlineData(null, "has no ETag, and is of type 'text/html'")]
    [InlineData("0123456789abcdef", "and the 9 names before it")]
    public async Task Run_ServerSaysThatEveryNameIsThere_IsGivenUpAfterAFewTries(string? etag, string expected)
    {
        _s3.Fail(new S3Fault("HeadObject") { Page = "<html></html>", ETag = etag, Times = int.MaxValue });
        await _bench.StartAsync();

        var error = await Should.ThrowAsync<ObjectStoreException>(() => _bench.RunAsync()).WaitAsync(TimeSpan.FromSeconds(30), BackupBench.Token);

        (error.Fault, error.Message.Contains(expected, StringComparison.Ordinal)).ShouldBe((ObjectStoreFault.Protocol, true), error.Message);
        _s3.Requests.Count(request => request.Name == "HeadObject").ShouldBeLessThanOrEqualTo(10);
    }

    [Fact]
    public async Task Run_ListIsAPage_SaysThatTheSnapshotIsStoredAndDeletesNothing()
    {
        _s3.Fail(new S3Fault("ListObjectsV2") { Page = "<html><body><p>Console</p></body></html>", Times = int.MaxValue });
        await _bench.StartAsync();

        var report = await _bench.RunAsync();

        report.Verified.ShouldBeTrue();
        report.Prune.ShouldBeNull();
        report.Unfinished.ShouldNotBeNull().ShouldContain("it is no ListBucketResult of 'backups'");
        _s3.ObjectKeys.ShouldBe([$"prod/{report.Name}", $"prod/{report.Name}.json"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("etcd", "etcd/", "etcd/")]
    [InlineData("etcd/", "etcd//", "etcd/")]
    [InlineData("etcd/prod//", "etcd/prod///", "etcd/prod/")]
    public async Task Run_TalosBackupStoredUnderThePrefixAsGiven_IsFoundListedAndPruned(string prefix, string theirs, string ours)
    {
        var names = Enumerable.Range(1, 3).Select(month => $"prod-2020-0{month}-01T02:00:00Z.snap").ToList();
        names.ForEach(name => _s3.Put(theirs + name, [1, 2, 3]));
        _bench.With("Store", null).With("BUCKET", _s3.Login.Bucket).With("S3_PREFIX", prefix).With("Keep:Daily", "1").With("Keep:Weekly", "0").With("Keep:Monthly", "1");
        await _bench.StartAsync();
        (await _bench.Catalog.ListAsync(BackupBench.Token)).Snapshots.Select(snapshot => snapshot.Name.Text).ShouldBe([names[2], names[1], names[0]]);
        (await _bench.Catalog.FindAsync(names[0], BackupBench.Token)).Bytes.ShouldBe(3);

        var report = await _bench.RunAsync();

        report.Prune!.Deleted.ShouldBe([names[2], names[1], names[0]]);
        _s3.ObjectKeys.ShouldBe([$"{ours}{report.Name}", $"{ours}{report.Name}.json"], ignoreOrder: true);
    }

    private async Task FailAsync(ObjectStoreFault fault)
    {
        (await Should.ThrowAsync<ObjectStoreException>(() => _bench.RunAsync())).Fault.ShouldBe(fault);
        _s3.ObjectKeys.ShouldBeEmpty();
    }

    private async Task ShouldHoldAsync()
    {
        var stored = (await _bench.Catalog.ListAsync(BackupBench.Token)).Verified.ShouldHaveSingleItem();
        (await _bench.ContentAsync(stored)).ShouldBe(_member.Script.Content);
    }
}
