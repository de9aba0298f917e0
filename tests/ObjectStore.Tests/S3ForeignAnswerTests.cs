using Ebb.TestServers.S3;

namespace Ebb.ObjectStore.Tests;

/// <summary>Something that is no S3 server answers with 200: the page of a console, a login or a proxy.</summary>
public sealed class S3ForeignAnswerTests : StandInTestBase
{
    private const string WellFormed = "<html><head><title>Console</title></head><body><p>Log in</p></body></html>";
    private const string Page = "<!DOCTYPE html><html><head><meta charset=utf-8><title>Console</title></head><body>Log in<br></body></html>";

    private static readonly string[] Operations =
        ["ListObjectsV2", "ListMultipartUploads", "CreateMultipartUpload", "CompleteMultipartUpload", "DeleteObject", "PutObject", "UploadPart", "HeadObject", "GetObject"];

    public static MatrixTheoryData<string, string> Answers { get; } = new(Operations, [WellFormed, Page]);

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Answer_ThatIsNoneOfS3_IsAnErrorThatSaysSo(string operation, string page)
    {
        await Store.PutAsync(Key, Bytes(1), UploadOptions.Default, Cancellation);
        Server.Fail(new S3Fault(operation) { Page = page, Times = int.MaxValue });

        var exception = await FaultAsync(() => DoAsync(operation), ObjectStoreFault.Protocol);

        exception.IsTransient.ShouldBeFalse();
        exception.Message.ShouldContain($"answered {operation}");
        exception.Message.ShouldContain("Check Store:Endpoint.");
        exception.Message.ShouldNotContain("..");
    }

    [Fact]
    public async Task List_OfAnotherBucket_IsAnErrorThatNamesBoth()
    {
        Server.Fail(new S3Fault("ListObjectsV2") { Page = "<ListBucketResult><Name>elsewhere</Name><Contents><Key>etcd/a</Key><Size>1</Size></Contents></ListBucketResult>" });

        var exception = await FaultAsync(() => ListAsync(Store), ObjectStoreFault.Protocol);

        exception.Message.ShouldContain("its ListBucketResult is of the bucket 'elsewhere', not of 'backups'");
    }

    [Fact]
    public async Task List_KeysThatWereNotAskedFor_AreLeftOut()
    {
        Server.Fail(new S3Fault("ListObjectsV2")
        {
            Page = "<ListBucketResult><Name>backups</Name><Contents><Key>etcd/other</Key><Size>1</Size></Contents><Contents><Key>x</Key><Size>1</Size></Contents></ListBucketResult>",
        });

        (await ListAsync(Store, "prod-")).ShouldBeEmpty();
    }

    [Fact]
    public async Task List_ThatNeverEndsAndListsNothing_IsGivenUp()
    {
        for (var i = 0; i < 1001; i++)
        {
            Server.Fail(new S3Fault("ListObjectsV2") { Page = $"<ListBucketResult><Name>backups</Name><IsTruncated>true</IsTruncated><NextContinuationToken>{i}</NextContinuationToken></ListBucketResult>" });
        }

        (await FaultAsync(() => ListAsync(Store), ObjectStoreFault.Protocol)).Message.ShouldContain("1000 times in a row");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OtherRegion_IsNamedWithTheSetting(bool head)
    {
        Server.Region = "eu-central-1";

        var exception = await Should.ThrowAsync<ObjectStoreException>(() => head ? Store.FindAsync(Key, Cancellation) : ListAsync(Store));

        exception.Message.ShouldContain("The server's region is 'eu-central-1', and Store:Region is 'us-east-1': set it to 'eu-central-1'.");
    }

    private async Task DoAsync(string operation)
    {
        switch (operation)
        {
            case "ListObjectsV2":
                await ListAsync(Store);
                break;
            case "ListMultipartUploads":
                await Store.RemoveStaleUploadsAsync("", TimeSpan.Zero, Cancellation);
                break;
            case "DeleteObject":
                await Store.DeleteAsync(Key, Cancellation);
                break;
            case "HeadObject":
                await Store.FindAsync(Key, Cancellation);
                break;
            case "GetObject":
                await Store.GetAsync(Key, 100, Cancellation);
                break;
            default:
                await UploadAsync(Store, ObjectKey.Parse("new"), Bytes(operation == "PutObject" ? 1 : 9_000_000));
                break;
        }
    }
}
