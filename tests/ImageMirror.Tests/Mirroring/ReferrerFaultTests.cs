using Ebb.ImageMirror.Reports;
using Ebb.ImageMirror.Tests.Servers;
using Ebb.TestServers.Registry;

namespace Ebb.ImageMirror.Tests.Mirroring;

/// <summary>Faults of what is attached to an image.</summary>
public sealed class ReferrerFaultTests : IAsyncLifetime
{
    private readonly TestImage _good = TestImage.Create(80);
    private FaultyBench _bench = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await FaultyBench.StartAsync();
        _bench.Source.Add("up/good", _good, "1");
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Run_ReferrerThatIsGone_BringsTheImageAndSaysSo()
    {
        var gone = $"sha256:{new string('8', 64)}";
        var index = Unusual.Json(
            $$"""{"schemaVersion":2,"mediaType":"{{Unusual.Index}}","manifests":[{"mediaType":"{{Unusual.Manifest}}","digest":"{{gone}}","size":10}]}""", Unusual.Index);
        _bench.Source.State.Manifests[("up/good", index.Digest)] = index;
        _bench.Source.State.Tags[("up/good", $"sha256-{_good.Index.Digest[7..]}")] = index.Digest;

        var report = await _bench.RunAsync(static image => image with { Referrers = true }, "good");

        var line = report.Images.ShouldHaveSingleItem();
        (line.Action, line.Cause).ShouldBe((MirrorAction.Copied, null));
        line.Notes.ShouldHaveSingleItem().ShouldContain(gone);
    }

    [Fact]
    public async Task Run_ReferrersApiFails_BringsTheImageAndAsksOnce()
    {
        _bench.Source.With(Fault.Status("GET", "/referrers/", 500));

        var report = await _bench.RunAsync(static image => image with { Referrers = true }, "good");

        var line = report.Images.ShouldHaveSingleItem();
        (line.Action, line.Cause).ShouldBe((MirrorAction.Copied, null));
        line.Notes.ShouldHaveSingleItem().ShouldStartWith("What is attached to sha256:");
        _bench.Source.Requests.Where(request => request.Path.Contains("/referrers/", StringComparison.Ordinal)).Select(request => request.Path).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Run_TargetRefusesAReferrer_Fails()
    {
        var (config, layer) = (_good.Blobs[0], TestImage.Layer(91, 50));
        var subject = _good.Index.Descriptor;
        var referrer = Unusual.Json(
            $$"""{"schemaVersion":2,"mediaType":"{{Unusual.Manifest}}","artifactType":"a/b","config":{{config.Descriptor}},"layers":[{{layer.Descriptor}}],"subject":{{subject}} }""", Unusual.Manifest);
        var index = Unusual.Json($$"""{"schemaVersion":2,"mediaType":"{{Unusual.Index}}","manifests":[{{referrer.Descriptor}}]}""", Unusual.Index);
        _bench.Source.State.Blobs[("up/good", layer.Digest)] = layer.Content;
        _bench.Source.State.Manifests[("up/good", referrer.Digest)] = referrer;
        _bench.Source.State.Manifests[("up/good", index.Digest)] = index;
        _bench.Source.State.Tags[("up/good", $"sha256-{_good.Index.Digest[7..]}")] = index.Digest;
        _bench.Target.With(Fault.Status("PUT", $"/manifests/{referrer.Digest}", 403, code: "DENIED"));

        var report = await _bench.RunAsync(static image => image with { Referrers = true }, "good");

        report.Images.ShouldHaveSingleItem().Fault.ShouldBe("denied");
    }
}
