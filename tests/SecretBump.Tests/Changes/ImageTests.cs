using Ebb.SecretBump.Reports;
using Ebb.SecretBump.Tests.Servers;
using Ebb.TestServers.Registry;
using Ebb.Worker;

namespace Ebb.SecretBump.Tests.Changes;

public sealed class ImageTests
{
    [Fact]
    public async Task Bump_RequireImage_WritesOnlyTagsThatAreInTheRegistry()
    {
        await using var registry = await FaultyRegistry.StartAsync();
        registry.Add("acme/shop", TestImage.Create(1), "1.4.0");
        await using var bench = await BumpBench.StartAsync(("SecretBump:RequireImage", $"{registry.Host}/acme/{{application}}"));
        bench.Vault.KeyValue().Put(BumpBench.PathOf("shop"), ("METADATA_TAG", "1.3.0"));

        var missing = (await bench.BumpAsync("shop", "1.5.0")).Environments[0];
        var there = (await bench.BumpAsync("shop", "1.4.0")).Environments[0];

        (missing.Fault, missing.Kind).ShouldBe(("no-image", FailureKind.Unprocessable));
        (there.Action, bench.TagOf("shop")).ShouldBe((ChangeAction.Updated, "1.4.0"));
        there.Steps.ShouldContain(step => step.Name == "image" && step.Detail.Contains("sha256:"));
        bench.Vault.KeyValue().CurrentVersion(BumpBench.PathOf("shop")).ShouldBe(2);
    }
}
