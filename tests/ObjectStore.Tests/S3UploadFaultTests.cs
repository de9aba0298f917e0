using Ebb.TestServers.S3;

namespace Ebb.ObjectStore.Tests;

public sealed class S3UploadFaultTests : StandInTestBase
{
    private const int FourParts = 30_000_000;

    [Fact]
    public async Task ConnectionCutAtPart3_IsSentAgain()
    {
        Server.Fail(new S3Fault("UploadPart") { Part = 3, CutRequestAfter = 1_000_000, Times = 2 });
        var content = Bytes(FourParts);

        var stored = await UploadAsync(Store, Key, content);

        stored.ETagCheck.ShouldBe(ETagCheck.Matches);
        ShouldBeSame(Server.Content("etcd/prod.snap.age"), content);
        Count("UploadPart").ShouldBe(4 + 2);
    }

    [Fact]
    public async Task AnswerLostAfterTheWorkWasDone_IsNoFailure()
    {
        Server.Fail(new S3Fault("CreateMultipartUpload") { CutAnswerAfter = 0 });
        Server.Fail(new S3Fault("UploadPart") { CutAnswerAfter = 0 });
        Server.Fail(new S3Fault("CompleteMultipartUpload") { CutAnswerAfter = 0 });
        var content = Bytes(FourParts);

        await UploadAsync(Store, Key, content, options: new UploadOptions { OnlyIfAbsent = true });

        ShouldBeSame(Server.Content("etcd/prod.snap.age"), content);
    }

    [Fact]
    public async Task AnswerToAConditionalPutLost_IsNoFailure()
    {
        Server.Fail(new S3Fault("PutObject") { CutAnswerAfter = 0 });

        await Store.PutAsync(Key, Bytes(100), new UploadOptions { OnlyIfAbsent = true }, Cancellation);

        Count("PutObject").ShouldBe(2);
    }

    [Fact]
    public async Task StormOf503_ThatPasses_IsWaitedOut()
    {
        Server.Fail(new S3Fault("UploadPart") { Error = (503, "SlowDown"), Times = 8 });

        (await UploadAsync(Store, Key, Bytes(FourParts))).Size.ShouldBe(FourParts);
    }

    [Fact]
    public async Task StormOf503_ThatStays_IsReportedAndNothingLeft()
    {
        Server.Fail(new S3Fault("UploadPart") { Error = (503, "SlowDown"), Times = int.MaxValue });

        var exception = await FaultAsync(() => UploadAsync(Store, Key, Bytes(FourParts)), ObjectStoreFault.Overloaded);

        exception.IsTransient.ShouldBeTrue();
        exception.Message.ShouldContain("4 retries");
        Server.ObjectKeys.ShouldBeEmpty();
        Server.Uploads.ShouldBe(0);
    }

    [Fact]
    public async Task ErrorInsideAnAnswerOf200_IsNoSuccess()
    {
        Server.Fail(new S3Fault("CompleteMultipartUpload") { ErrorInside = true, Times = int.MaxValue });

        await FaultAsync(() => UploadAsync(Store, Key, Bytes(FourParts)), ObjectStoreFault.ServerError);

        Server.ObjectKeys.ShouldBeEmpty();
        Server.Uploads.ShouldBe(0);
    }

    [Fact]
    public async Task WrongETagOfAPart_IsNoticed()
    {
        Server.Fail(new S3Fault("UploadPart") { Part = 2, ETag = "00112233445566778899aabbccddeeff" });
        (await UploadAsync(Store, Key, Bytes(FourParts))).ETagCheck.ShouldBe(ETagCheck.Differs);
    }

    [Fact]
    public async Task WrongETagOfTheWhole_IsNoticed()
    {
        Server.Fail(new S3Fault("CompleteMultipartUpload") { ETag = "00112233445566778899aabbccddeeff-4" });
        (await UploadAsync(Store, Key, Bytes(FourParts))).ETagCheck.ShouldBe(ETagCheck.Differs);
    }

    [Fact]
    public async Task ETagThatIsNoDigest_IsNotHeldAgainstTheStore()
    {
        Server.Fail(new S3Fault("PutObject") { ETag = "v7" });
        (await UploadAsync(Store, Key, Bytes(100))).ETagCheck.ShouldBe(ETagCheck.NotComparable);
    }

    [Theory]
    [InlineData(100, "PutObject")]
    [InlineData(FourParts, "CompleteMultipartUpload")]
    public async Task StoreThatLosesTheEnd_IsCaughtByItsLength(int length, string operation)
    {
        Server.Fail(new S3Fault(operation) { Lose = 1 });

        var exception = await FaultAsync(() => UploadAsync(Store, Key, Bytes(length)), ObjectStoreFault.Corrupt);

        exception.Message.ShouldContain($"{length - 1} of its {length} bytes");
    }

    [Fact]
    public async Task ServerThatHangs_IsGivenUpAfterTheAttemptsTime()
    {
        Server.Fail(new S3Fault("PutObject") { Hang = true, Times = int.MaxValue });
        await using var impatient = Open(Options(Server.Login, "etcd") with { Resilience = Quick with { MaxRetries = 1, AttemptTimeout = TimeSpan.FromSeconds(2) } });
        // Connecting is not what is measured.
        await impatient.FindAsync(Key, Cancellation);

        var exception = await FaultAsync(() => UploadAsync(impatient, Key, Bytes(100)), ObjectStoreFault.Unreachable);

        exception.Message.ShouldContain("PutObject");
        Count("PutObject").ShouldBe(2);
    }

    [Fact]
    public async Task Cancellation_OfAWrite_IsCancellationAndLeavesNothing()
    {
        Server.Fail(new S3Fault("UploadPart") { Hang = true, Times = int.MaxValue });
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using (var upload = await Store.OpenUploadAsync(Key, UploadOptions.Default, cancel.Token))
        {
            var writing = upload.WriteAsync(Bytes(60_000_000), cancel.Token).AsTask();
            await UntilAsync(() => Count("UploadPart") > 0);
            await cancel.CancelAsync();
            await writing.ShouldThrowAsync<OperationCanceledException>();
        }

        Server.Uploads.ShouldBe(0);
        Server.ObjectKeys.ShouldBeEmpty();
    }

    // What is asked of a server at the moment of a cancellation may be done or not.
    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(10, Cancellation);
        }
    }

    [Fact]
    public async Task UploadRemovedBySomebodyElse_IsNamed()
    {
        await using var upload = await Store.OpenUploadAsync(Key, UploadOptions.Default, Cancellation);
        await upload.WriteAsync(Bytes(9_000_000), Cancellation);
        (await Store.RemoveStaleUploadsAsync("prod", TimeSpan.FromHours(-1), Cancellation)).ShouldHaveSingleItem().Key.ShouldBe(Key);

        await FaultAsync(() => upload.CompleteAsync(Cancellation), ObjectStoreFault.UploadGone);
    }

    [Fact]
    public async Task StaleUploads_OnManyPages_AreAllRemoved()
    {
        Server.PageSize = 2;
        Server.Fail(new S3Fault("AbortMultipartUpload") { Error = (403, "AccessDenied"), Times = 5 });
        for (var i = 0; i < 5; i++)
        {
            await using var upload = await Store.OpenUploadAsync(ObjectKey.Parse($"a/{i}"), UploadOptions.Default, Cancellation);
            await upload.WriteAsync(Bytes(9_000_000), Cancellation);
        }

        Server.Uploads.ShouldBe(5);
        (await Store.RemoveStaleUploadsAsync("a/", TimeSpan.FromHours(-1), Cancellation)).Count.ShouldBe(5);
        Server.Uploads.ShouldBe(0);
    }

    [Fact]
    public async Task StoreWithoutConditions_IsLookedAtInstead()
    {
        Server.KnowsConditions = false;
        var options = new UploadOptions { OnlyIfAbsent = true };

        await Store.PutAsync(Key, "first"u8.ToArray(), options, Cancellation);

        await FaultAsync(() => Store.PutAsync(Key, "second"u8.ToArray(), options, Cancellation), ObjectStoreFault.Exists);
        (await Store.ProbeAsync(Cancellation)).Of(StoreCapability.OnlyIfAbsent).Support.ShouldBe(ProbeSupport.Missing);
    }

    [Fact]
    public async Task TwoWritersAtOnce_OnlyIfAbsent_OneIsTold()
    {
        var options = new UploadOptions { OnlyIfAbsent = true };
        await using var first = await Store.OpenUploadAsync(Key, options, Cancellation);
        await using var second = await Store.OpenUploadAsync(Key, options, Cancellation);
        await first.WriteAsync(Bytes(9_000_000), Cancellation);
        await second.WriteAsync(Bytes(9_000_001), Cancellation);

        await first.CompleteAsync(Cancellation);

        await FaultAsync(() => second.CompleteAsync(Cancellation), ObjectStoreFault.Exists);
        Server.Content("etcd/prod.snap.age").Length.ShouldBe(9_000_000);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(9_000_000)]
    public async Task Retention_IsSetOnTheObject(int length)
    {
        Server.HasObjectLock = true;
        var options = new UploadOptions { Retention = new ObjectRetention(RetentionMode.Compliance, TimeProvider.System.GetUtcNow().AddDays(7)) };

        await UploadAsync(Store, Key, Bytes(length), options: options);

        (await Store.ProbeAsync(Cancellation)).Of(StoreCapability.Retention).Support.ShouldBe(ProbeSupport.Works);
    }

    [Fact]
    public async Task Retention_WhereThereIsNone_IsRefused()
    {
        var options = new UploadOptions { Retention = new ObjectRetention(RetentionMode.Governance, TimeProvider.System.GetUtcNow().AddDays(7)) };
        await Should.ThrowAsync<ObjectStoreException>(() => UploadAsync(Store, Key, Bytes(100), options: options));
        Server.ObjectKeys.ShouldBeEmpty();
    }
}
