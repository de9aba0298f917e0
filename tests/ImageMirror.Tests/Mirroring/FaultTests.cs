using Ebb.ImageMirror.Reports;
using Ebb.ImageMirror.Tests.Servers;
using Ebb.TestServers.Registry;
using Microsoft.AspNetCore.Http;

namespace Ebb.ImageMirror.Tests.Mirroring;

/// <summary>Faults that the registries in these tests commit on command; the good image beside must always arrive.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private readonly TestImage _good = TestImage.Create(80);
    private readonly TestImage _bad = TestImage.Create(81);
    private FaultyBench _bench = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await FaultyBench.StartAsync();
        _bench.Source.Add("up/good", _good, "1");
        _bench.Source.Add("up/bad", _bad, "1");
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Run_WrongDigest_FailsThatImageOnly()
    {
        _bench.Source.With(Fault.Bend("GET", _bad.Blobs[1].Digest, new BodyFault { AlterAnswer = true }));

        await ShouldFailAsync("wrongContent");
    }

    [Fact]
    public async Task Run_WrongManifest_FailsThatImageOnly()
    {
        _bench.Source.With(Fault.Bend("GET", _bad.Manifests[0].Digest, new BodyFault { AlterAnswer = true }));

        await ShouldFailAsync("wrongContent", "protocol");
    }

    [Fact]
    public async Task Run_BlobCutEveryTime_FailsThatImageOnly()
    {
        _bench.Source.With(Fault.Bend("GET", _bad.Blobs[2].Digest, new BodyFault { CutAnswerAfter = 0 }));

        await ShouldFailAsync("unreachable", "wrongContent");
    }

    [Fact]
    public async Task Run_TargetDoesNotHaveBlobsYet_LooksAgainAndSucceeds()
    {
        // What docker-registry answers while another process commits the same blob.
        var blob = _bad.Blobs[1].Digest;
        _bench.Target.With(Fault.Instead("PUT", $"/library/bad/manifests/{_bad.Manifests[0].Digest}", async context =>
        {
            _bench.Target.State.Blobs.Remove(("library/bad", blob), out _);
            await RefuseAsync(context);
        }, times: 2));
        _bench.Target.With(Fault.Instead("PUT", "/library/bad/manifests/1", RefuseAsync, times: 1));

        var line = (await _bench.RunAsync("bad")).Images.ShouldHaveSingleItem();

        line.Action.ShouldBe(MirrorAction.Copied, line.Cause);
        _bench.Target.State.Blobs.ShouldContainKey(("library/bad", blob));
    }

    [Fact]
    public async Task Run_TargetDoesNotHaveBlobsOfSignatureYet_SignsAllTheSame()
    {
        _bench.Target.With(Fault.Instead("PUT", ".sig", RefuseAsync, times: 2));
        var line = (await _bench.RunAsync("bad")).Images.ShouldHaveSingleItem();

        line.Action.ShouldBe(MirrorAction.Copied, line.Cause);
        line.Signatures.ShouldBe(6);
    }

    [Fact]
    public async Task Run_TargetNeverHasBlobs_IsNamed()
    {
        _bench.Target.With(Fault.Instead("PUT", $"/library/bad/manifests/{_bad.Manifests[0].Digest}", RefuseAsync));

        await ShouldFailAsync("contentMissing");
    }

    private static async Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = 400;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync("""{"errors":[{"code":"DIGEST_INVALID","message":"provided digest did not match uploaded content"},{"code":"MANIFEST_BLOB_UNKNOWN","message":"blob unknown to registry"}]}""");
    }

    [Fact]
    public async Task Run_BlobCutOnce_ResumesAndSucceeds()
    {
        var layer = _bad.Blobs.MaxBy(blob => blob.Content.Length)!;
        _bench.Source.With(Fault.Bend("GET", layer.Digest, new BodyFault { CutAnswerAfter = 30_000 }, times: 1));

        var report = await _bench.RunAsync("bad");

        report.Images.ShouldHaveSingleItem().Action.ShouldBe(MirrorAction.Copied);
        _bench.Source.Requests.Count(request => request.Method == "GET" && request.Path.EndsWith(layer.Digest, StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task Run_EndlessManifest_FailsThatImageOnly()
    {
        _bench.Source.With(Fault.Bend("GET", $"manifests/{_bad.Index.Digest}", new BodyFault { EndlessAnswer = true }));

        await ShouldFailAsync("protocol", "wrongContent");
    }

    [Fact]
    public async Task Run_ManifestOver4MiB_FailsThatImageOnly()
    {
        _bench.Source.With(Fault.Instead("GET", $"manifests/{_bad.Index.Digest}", async context =>
        {
            context.Response.ContentType = _bad.Index.MediaType;
            await context.Response.WriteAsync("{\"schemaVersion\":2,\"x\":\"" + new string('x', 5_000_000) + "\"}");
        }));

        await ShouldFailAsync("protocol", "wrongContent");
    }

    [Fact]
    public async Task Run_IndexThatContainsItself_FailsThatImageOnly()
    {
        var self = Unusual.Json(
            $$"""{"schemaVersion":2,"mediaType":"{{Unusual.Index}}","manifests":[{"mediaType":"{{Unusual.Index}}","digest":"{{_bad.Index.Digest}}","size":{{_bad.Index.Content.Length}}}]}""", Unusual.Index);
        _bench.Source.State.Manifests[("up/bad", _bad.Index.Digest)] = self;
        _bench.Source.State.Manifests[("up/bad", self.Digest)] = self;

        await ShouldFailAsync("wrongContent", "protocol");
    }

    [Fact]
    public async Task Run_NestedWithoutEnd_IsRefused()
    {
        // Honest digests, nested deeper than anything real.
        var inner = _bad.Index;
        for (var depth = 0; depth < 6; depth++)
        {
            _bench.Source.State.Manifests[("up/bad", inner.Digest)] = inner;
            inner = Unusual.Json($$"""{"schemaVersion":2,"mediaType":"{{Unusual.Index}}","manifests":[{{inner.Descriptor}}]}""", Unusual.Index);
        }

        _bench.Source.State.Manifests[("up/bad", inner.Digest)] = inner;
        _bench.Source.State.Tags[("up/bad", "1")] = inner.Digest;

        await ShouldFailAsync("tooLarge");
    }

    [Fact]
    public async Task Run_TagGoneBetweenListAndPull_IsNamed()
    {
        _bench.Source.State.Tags.TryRemove(("up/bad", "1"), out _);

        (await ShouldFailAsync("notFound")).Cause.ShouldBe($"{_bench.Source.Host}/up/bad has no tag 1");
    }

    [Fact]
    public async Task Run_ImageDeletedWhileCopied_IsNamed()
    {
        _bench.Source.State.Manifests.TryRemove(("up/bad", _bad.Manifests[1].Digest), out _);

        (await ShouldFailAsync("notFound")).Cause.ShouldBe($"{_bench.Source.Host}/up/bad named {_bad.Manifests[1].Digest}, but no longer has it");
    }

    [Fact]
    public async Task Run_Schema1_IsRefusedWithTheReason()
    {
        _bench.Source.With(Fault.Instead("HEAD", "up/bad/manifests/1", context =>
        {
            context.Response.ContentType = "application/vnd.docker.distribution.manifest.v1+prettyjws";
            context.Response.ContentLength = 1000;
            context.Response.Headers["Docker-Content-Digest"] = _bad.Index.Digest;
            return Task.CompletedTask;
        }));

        await ShouldFailAsync("schema1");
    }

    [Fact]
    public async Task Run_ServerErrors_FailAfterRetries()
    {
        _bench.Source.With(Fault.Status("GET", "up/bad/", 500));

        await ShouldFailAsync("serverError");
    }

    [Fact]
    public async Task Run_LoginLoop_EndsAndIsNamed()
    {
        _bench.Source.With(Fault.Status("*", "up/bad/", 401, headers: ("WWW-Authenticate", $"Bearer realm=\"http://{_bench.Source.Host}/token\",service=\"x\"")));

        await ShouldFailAsync("unauthorized");
    }

    [Fact]
    public async Task Run_TargetFull_NamesTheQuotaAndMovesNoTag()
    {
        await using var full = await FaultyBench.StartAsync(target: new RegistryBehaviour { QuotaBytes = 10 });
        full.Source.Add("up/bad", _bad, "1");

        var report = await full.RunAsync("bad");

        report.Images.ShouldHaveSingleItem().Fault.ShouldBe("quotaExceeded");
        full.Target.State.Tags.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_ImmutableTag_IsNamed()
    {
        await using var fixedTags = await FaultyBench.StartAsync(target: new RegistryBehaviour { ImmutableTags = true });
        fixedTags.Source.Add("up/bad", _good, "1");
        (await fixedTags.RunAsync("bad")).Images.ShouldHaveSingleItem().Action.ShouldBe(MirrorAction.Copied);
        fixedTags.Source.Add("up/bad", _bad, "1");

        var report = await fixedTags.RunAsync("bad");

        report.Images.ShouldHaveSingleItem().Fault.ShouldBe("immutableTag");
        fixedTags.Target.State.Tags[("library/bad", "1")].ShouldBe(_good.Index.Digest);
    }

    [Fact]
    public async Task Run_NoPushRight_IsNamed()
    {
        _bench.Target.With(Fault.Status("POST", "library/bad/", 403, code: "DENIED", message: "requested access to the resource is denied"));

        (await ShouldFailAsync("denied")).Remedy.ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public async Task Run_ContentTrust_IsNamed()
    {
        _bench.Target.With(Fault.Status("*", $"library/bad/manifests/{_bad.Index.Digest}", 412, code: "PROJECTPOLICYVIOLATION", message: "The image is not signed"));

        await ShouldFailAsync("policyViolation");
    }

    [Fact]
    public async Task Run_RateLimited_StopsAskingThatHost()
    {
        _bench.Options = _bench.Options with { MaxParallelImages = 1 };
        _bench.Source.With(Fault.Status("GET", "up/bad/manifests/", 429, code: "TOOMANYREQUESTS", headers: ("Retry-After", "3600")));

        var report = await _bench.RunAsync("bad", "good");

        report.Images.Select(line => line.Fault).ShouldBe(["rateLimited", "rateLimited"]);
        _bench.Source.Requests.ShouldNotContain(request => request.Method == "GET" && request.Path.Contains("up/good", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_QuotaNearlyUsedUp_LeavesTheRestToOthers()
    {
        _bench.Source.With(Fault.Instead("HEAD", "up/bad/manifests/1", context =>
        {
            context.Response.ContentType = _bad.Index.MediaType;
            context.Response.ContentLength = _bad.Index.Content.Length;
            context.Response.Headers["Docker-Content-Digest"] = _bad.Index.Digest;
            context.Response.Headers["ratelimit-limit"] = "100;w=21600";
            context.Response.Headers["ratelimit-remaining"] = "7;w=21600";
            return Task.CompletedTask;
        }));

        var report = await _bench.RunAsync("bad");

        var line = report.Images.ShouldHaveSingleItem();
        line.Fault.ShouldBe("rateLimited");
        line.Cause.ShouldBe($"{_bench.Source.Host} allows 7 of 100 more pulls, of which 10 are kept in reserve");
        _bench.Source.Requests.ShouldNotContain(request => request.Method == "GET");
    }

    [Fact]
    public async Task Run_SignatureLostOnTheWay_DoesNotMoveTheTag()
    {
        // The target says yes to the signature and keeps nothing.
        _bench.Target.With(Fault.Instead("PUT", $"sha256-{_bad.Index.Digest[7..]}.sig", context =>
        {
            context.Response.StatusCode = 201;
            return Task.CompletedTask;
        }));

        await ShouldFailAsync("signing");
    }

    [Fact]
    public async Task Run_ForeignLayer_IsNotPushed()
    {
        var layer = "{\"mediaType\":\"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip\",\"digest\":\"sha256:" + new string('7', 64) + "\",\"size\":12345,\"urls\":[\"https://example.com/layer\"]}";
        var config = _bad.Blobs[0];
        var manifest = Unusual.Json($$"""{"schemaVersion":2,"mediaType":"{{Unusual.Manifest}}","config":{{config.Descriptor}},"layers":[{{layer}}]}""", Unusual.Manifest);
        _bench.Source.State.Manifests[("up/windows", manifest.Digest)] = manifest;
        _bench.Source.State.Blobs[("up/windows", config.Digest)] = config.Content;
        _bench.Source.State.Tags[("up/windows", "1")] = manifest.Digest;

        var report = await _bench.DryRunAsync("windows");

        report.Images.ShouldHaveSingleItem().Moved.ShouldBe(new BlobCount(1, config.Content.Length));
    }

    [Fact]
    public async Task Run_ForeignLayerWithoutUrls_IsCopied()
    {
        var (config, layer) = (_bad.Blobs[0], TestImage.Layer(90, 300));
        var descriptor = (layer with { MediaType = "application/vnd.oci.image.layer.nondistributable.v1.tar" }).Descriptor;
        var manifest = Unusual.Json($$"""{"schemaVersion":2,"mediaType":"{{Unusual.Manifest}}","config":{{config.Descriptor}},"layers":[{{descriptor}}]}""", Unusual.Manifest);
        _bench.Source.State.Manifests[("up/internal", manifest.Digest)] = manifest;
        _bench.Source.State.Blobs[("up/internal", config.Digest)] = config.Content;
        _bench.Source.State.Blobs[("up/internal", layer.Digest)] = layer.Content;
        _bench.Source.State.Tags[("up/internal", "1")] = manifest.Digest;

        var report = await _bench.RunAsync("internal");

        report.Images.ShouldHaveSingleItem().Cause.ShouldBeNull();
        _bench.Target.State.Blobs.Keys.ShouldContain(("library/internal", layer.Digest));
    }

    [Fact]
    public async Task Run_SourceListsNamesThatAreNoTags_TakesTheOthersAndNamesThem()
    {
        _bench.Source.With(Fault.Instead("GET", "/tags/", static context => context.Response.Body.WriteAsync("""{"tags":["-ot-beta-jmx","1"]}"""u8.ToArray()).AsTask()));

        var report = await _bench.RunAsync(static image => image with { Tags = null, Regex = ".*" }, "good");

        var line = report.Images.ShouldHaveSingleItem();
        line.Action.ShouldBe(MirrorAction.Copied);
        line.Notes.ShouldHaveSingleItem().ShouldBe($"{_bench.Source.Host}/up/good lists '-ot-beta-jmx', which is no tag and was passed over.");
    }

    [Fact]
    public async Task Run_MountsRefused_UploadsInstead()
    {
        await using var stubborn = await FaultyBench.StartAsync(target: new RegistryBehaviour { Mounts = false });
        stubborn.Source.Add("up/a", TestImage.Create(82, sharedSeed: 83), "1");
        stubborn.Source.Add("up/b", TestImage.Create(84, sharedSeed: 83), "1");

        var report = await stubborn.RunAsync("a", "b");

        report.Images.ShouldAllBe(line => line.Action == MirrorAction.Copied);
        report.Totals.Mounted.Blobs.ShouldBe(0);
        stubborn.Target.State.Uploads.ShouldBeEmpty();
    }

    private async Task<MirrorLine> ShouldFailAsync(params string[] faults)
    {
        var report = await _bench.RunAsync("bad", "good");

        faults.ShouldContain(report.Images[0].Fault, report.Images[0].Cause);
        report.Images[0].Cause.ShouldNotBeNullOrWhiteSpace();
        report.Images[1].Action.ShouldBe(MirrorAction.Copied, report.Images[1].Cause);
        _bench.Target.State.Tags.Keys.ShouldNotContain(("library/bad", "1"));
        _bench.Target.State.Tags[("library/good", "1")].ShouldBe(_good.Index.Digest);
        return report.Images[0];
    }
}
