namespace Ebb.ObjectStore.Tests;

public sealed class ContractOnS3rverTests(S3rverFixture fixture) : StoreContractTests, IClassFixture<S3rverFixture>
{
    private protected override ValueTask<IObjectStore> OpenAsync() => new(Open(Options(fixture.Server.Login, $"{Guid.NewGuid():N}/etcd")));

    [Fact]
    public async Task Probe_NamesWhatS3rverLacks()
    {
        var probe = await Store.ProbeAsync(Cancellation);

        probe.Of(StoreCapability.StaleUploads).ShouldSatisfyAllConditions(
            finding => finding.Support.ShouldBe(ProbeSupport.Missing), finding => finding.Message.ShouldNotBeNull().ShouldContain("AbortIncompleteMultipartUpload"));
        probe.Of(StoreCapability.Retention).Support.ShouldBe(ProbeSupport.Missing);
        probe.Of(StoreCapability.OnlyIfAbsent).Support.ShouldBe(ProbeSupport.Missing);
    }
}
