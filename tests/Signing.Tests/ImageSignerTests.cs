using System.Text;
using System.Text.Json.Nodes;
using Ebb.Oci;
using Ebb.Signing.Formats;

namespace Ebb.Signing.Tests;

public sealed class ImageSignerTests(RegistryFixture fixture)
{
    private const SignatureFormat CosignFormat = SignatureFormat.Cosign;
    private const SignatureFormat BundleFormat = SignatureFormat.Bundle;

    [Fact]
    public async Task Sign_IndexAndChildren_AreAcceptedByCosign2()
    {
        var cosign = Cosign.Require();
        using var repository = await SignedRepository.CreateAsync(fixture.Registry);
        var signer = repository.Signer();
        foreach (var manifest in repository.Children.Append(repository.Index))
        {
            (await repository.SignAsync(signer, manifest)).ShouldBe([CosignFormat, BundleFormat]);
        }

        foreach (var manifest in repository.Children.Append(repository.Index))
        {
            var (code, output) = await cosign.VerifyAsync(repository.Folder, repository.PublicKey(), repository.Reference(manifest));
            code.ShouldBe(0, output);
            output.ShouldContain($"\"docker-reference\":\"{repository.Host}/{repository.Name}\"");
        }
    }

    [Fact]
    public async Task Sign_IndexAndChildren_AreAcceptedByCosign3()
    {
        var cosign3 = Cosign.Require3();
        using var repository = await SignedRepository.CreateAsync(fixture.Registry);
        foreach (var manifest in repository.Children.Append(repository.Index))
        {
            await repository.SignAsync(repository.Signer(), manifest);
            var (code, output) = await cosign3.VerifyAsync(repository.Folder, repository.PublicKey(), repository.Reference(manifest));
            code.ShouldBe(0, output);
            output.ShouldContain("https://sigstore.dev/cosign/sign/v1");
        }
    }

    [Fact]
    public async Task Sign_CosignFormatAlone_IsAcceptedByCosign3()
    {
        var cosign3 = Cosign.Require3();
        using var repository = await SignedRepository.CreateAsync(fixture.Registry);
        await repository.SignAsync(repository.Signer(null, CosignFormat));

        // Without any bundle cosign 3 falls back to the .sig tag.
        var (code, output) = await cosign3.VerifyAsync(repository.Folder, repository.PublicKey(), repository.Reference(repository.Index));
        code.ShouldBe(0, output);
    }

    [Fact]
    public async Task Sign_Again_WritesNothing()
    {
        using var repository = await SignedRepository.CreateAsync(fixture.Registry);
        await repository.SignAsync(repository.Signer());
        var before = await repository.SignatureManifestAsync();

        (await repository.SignAsync(repository.Signer())).ShouldBeEmpty();

        (await repository.SignatureManifestAsync()).Descriptor.Digest.ShouldBe(before.Descriptor.Digest);
        (await repository.Client.GetReferrersAsync(repository.Name, repository.Index.Digest, default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task FindMissing_EverythingSigned_CostsOneRequestForTheTagAndTheListForTheBundle()
    {
        using var repository = await SignedRepository.CreateAsync(fixture.Registry);
        await repository.SignAsync(repository.Signer());

        (await repository.CountAsync(repository.Key(), CosignFormat)).ShouldBe((true, 1));

        // The list by the API, which this registry does not have, and by the fallback tag.
        (await repository.CountAsync(repository.Key(), BundleFormat)).ShouldBe((true, 2));
    }

    [Fact]
    public async Task FindMissing_ByDigest_AsksForTheDescriptorAndFindsTheSame()
    {
        using var repository = await SignedRepository.CreateAsync(fixture.Registry);
        var signer = repository.Signer();
        (await signer.FindMissingAsync(repository.Host, repository.Name, repository.Index.Digest, default)).ShouldBe([CosignFormat, BundleFormat]);

        await repository.SignAsync(signer);

        (await signer.FindMissingAsync(repository.Host, repository.Name, repository.Index.Digest, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task FindMissing_ManifestNotThere_SaysSo()
    {
        using var repository = await SignedRepository.CreateAsync(fixture.Registry);

        var exception = await Should.ThrowAsync<SigningException>(() => repository.Signer().FindMissingAsync(repository.Host, repository.Name, Digest.Of("nothing"u8), default));

        exception.Message.ShouldContain("does not exist");
    }

    [Fact]
    public async Task Sign_WithANewKey_OldAndNewSignaturesBothVerify()
    {
        var cosign = Cosign.Require();
        using var repository = await SignedRepository.CreateAsync(fixture.Registry);
        await repository.SignAsync(repository.Signer(repository.Key("old")));
        var oldLayer = (await repository.SignatureManifestAsync()).Layers.ShouldHaveSingleItem();

        (await repository.SignAsync(repository.Signer(repository.Key("new")))).ShouldBe([CosignFormat, BundleFormat]);

        (await repository.SignatureManifestAsync()).Layers.Count.ShouldBe(2);
        (await repository.SignatureManifestAsync()).Layers[0].Annotations.ShouldBe(oldLayer.Annotations);
        foreach (var key in new[] { "old", "new" })
        {
            (await repository.FindMissingAsync(repository.Signer(repository.Key(key)))).ShouldBeEmpty();
            var (code, output) = await cosign.VerifyAsync(repository.Folder, repository.PublicKey(key), repository.Reference(repository.Index));
            code.ShouldBe(0, output);
        }
    }

    [Fact]
    public async Task Sign_WithANewKey_BothBundlesVerifyWithCosign3()
    {
        var cosign3 = Cosign.Require3();
        using var repository = await SignedRepository.CreateAsync(fixture.Registry);
        await repository.SignAsync(repository.Signer(repository.Key("old")));
        await repository.SignAsync(repository.Signer(repository.Key("new")));

        foreach (var key in new[] { "old", "new" })
        {
            var (code, output) = await cosign3.VerifyAsync(repository.Folder, repository.PublicKey(key), repository.Reference(repository.Index));
            code.ShouldBe(0, output);
        }
    }

    [Fact]
    public async Task FindMissing_SignedByTheRealCosign_IsSigned()
    {
        var cosign = Cosign.Require();
        using var repository = await SignedRepository.CreateAsync(fixture.Registry);
        repository.WriteCosignKey();
        var key = repository.Key();
        await cosign.RunAsync(repository.Folder, "sign", "--key", "cosign.key", "--tlog-upload=false", "--allow-http-registry", "-y", "-a", "team=platform", repository.Reference(repository.Index));

        (await repository.FindMissingAsync(repository.Signer(key))).ShouldBe([BundleFormat]);
        (await repository.SignAsync(repository.Signer(key))).ShouldBe([BundleFormat]);
    }

    [Fact]
    public async Task FindMissing_BundleOfTheRealCosign3_IsSigned()
    {
        var cosign3 = Cosign.Require3();
        using var repository = await SignedRepository.CreateAsync(fixture.Registry);
        repository.WriteCosignKey();
        var key = repository.Key();
        await cosign3.RunAsync(
            repository.Folder, "sign", "--key", "cosign.key", "--use-signing-config=false", "--tlog-upload=false", "--new-bundle-format=true", "--allow-http-registry", "-y", repository.Reference(repository.Index));

        (await repository.FindMissingAsync(repository.Signer(key))).ShouldBe([CosignFormat]);
    }

    [Fact]
    public async Task Sign_BesideSignaturesOfTheRealCosign_KeepsThemByteForByte()
    {
        var cosign = Cosign.Require();
        using var repository = await SignedRepository.CreateAsync(fixture.Registry);
        repository.WriteCosignKey("upstream");
        await cosign.RunAsync(repository.Folder, "sign", "--key", "upstream.key", "--tlog-upload=false", "--allow-http-registry", "-y", "-a", "a=1", repository.Reference(repository.Index));

        await repository.SignAsync(repository.Signer());

        foreach (var key in new[] { "upstream", "cosign" })
        {
            var (code, output) = await cosign.VerifyAsync(repository.Folder, repository.PublicKey(key), repository.Reference(repository.Index));
            code.ShouldBe(0, output);
        }
    }

    [Fact]
    public async Task Sign_UpstreamBundlePresent_OursIsFoundBesideIt()
    {
        var cosign3 = Cosign.Require3();
        using var repository = await SignedRepository.CreateAsync(fixture.Registry);
        repository.WriteCosignKey("upstream");
        await cosign3.RunAsync(
            repository.Folder, "sign", "--key", "upstream.key", "--use-signing-config=false", "--tlog-upload=false", "--new-bundle-format=true", "--allow-http-registry", "-y", repository.Reference(repository.Index));

        (await repository.SignAsync(repository.Signer())).ShouldBe([CosignFormat, BundleFormat]);

        (await repository.CountAsync(repository.Key(), BundleFormat)).ShouldBe((true, 2));
        foreach (var key in new[] { "upstream", "cosign" })
        {
            var (code, output) = await cosign3.VerifyAsync(repository.Folder, repository.PublicKey(key), repository.Reference(repository.Index));
            code.ShouldBe(0, output);
        }
    }

    [Fact]
    public async Task FindMissing_SignatureTampered_DoesNotCountAndIsAddedAnew()
    {
        using var repository = await SignedRepository.CreateAsync(fixture.Registry);
        await repository.SignAsync(repository.Signer());
        var manifest = JsonNode.Parse((await repository.SignatureManifestAsync()).Content.Span)!;
        var annotations = manifest["layers"]![0]!["annotations"]!;
        var der = Convert.FromBase64String((string)annotations[SimpleSigning.SignatureAnnotation]!);
        der[^1] ^= 1;
        annotations[SimpleSigning.SignatureAnnotation] = Convert.ToBase64String(der);
        await repository.PutManifestAsync(repository.SignatureTag, MediaTypes.OciManifest, manifest.ToJsonString());

        (await repository.FindMissingAsync(repository.Signer())).ShouldBe([CosignFormat]);
        (await repository.SignAsync(repository.Signer())).ShouldBe([CosignFormat]);
        (await repository.FindMissingAsync(repository.Signer())).ShouldBeEmpty();
    }

    [Fact]
    public async Task FindMissing_ValidSignatureOfAnotherImage_DoesNotCount()
    {
        using var repository = await SignedRepository.CreateAsync(fixture.Registry);
        var child = repository.Children[0];
        await repository.SignAsync(repository.Signer(), child);
        var foreign = (await repository.Client.GetManifestAsync(repository.Name, $"sha256-{child.Digest.Hex}.sig", default))!;
        await repository.PutManifestAsync(repository.SignatureTag, MediaTypes.OciManifest, Encoding.UTF8.GetString(foreign.Content.Span));
        var bundles = (await repository.Client.GetManifestAsync(repository.Name, $"sha256-{child.Digest.Hex}", default))!;
        await repository.PutManifestAsync(repository.ReferrersTag, MediaTypes.OciIndex, Encoding.UTF8.GetString(bundles.Content.Span));

        (await repository.FindMissingAsync(repository.Signer())).ShouldBe([CosignFormat, BundleFormat]);
    }

    [Fact]
    public async Task FindMissing_SignatureByAnotherKey_DoesNotCount()
    {
        using var repository = await SignedRepository.CreateAsync(fixture.Registry);
        await repository.SignAsync(repository.Signer(repository.Key("theirs")));

        (await repository.FindMissingAsync(repository.Signer(repository.Key("ours")))).ShouldBe([CosignFormat, BundleFormat]);
    }

    [Theory]
    [InlineData("index")]
    [InlineData("image")]
    [InlineData("no signature")]
    public async Task Sign_GarbageUnderTheSignatureTag_IsReplaced(string kind)
    {
        using var repository = await SignedRepository.CreateAsync(fixture.Registry);
        var config = await repository.PutBlobAsync("{}", MediaTypes.OciConfig);
        var payload = await repository.PutBlobAsync("""{"critical":7}""", SimpleSigning.MediaType);
        var (type, content) = kind switch
        {
            "index" => (MediaTypes.OciIndex, Encoding.UTF8.GetString(repository.Image.Index.Content)),
            "image" => (MediaTypes.OciManifest, Encoding.UTF8.GetString(repository.Image.Manifests[0].Content)),
            _ => (MediaTypes.OciManifest, $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciManifest}}","config":{{config.Descriptor}},"layers":[{{{payload.DescriptorMembers}},"annotations":{"{{SimpleSigning.SignatureAnnotation}}":"!!!"} }]}"""),
        };
        await repository.PutManifestAsync(repository.SignatureTag, type, content);

        (await repository.FindMissingAsync(repository.Signer())).ShouldBe([CosignFormat, BundleFormat]);
        (await repository.SignAsync(repository.Signer())).ShouldBe([CosignFormat, BundleFormat]);

        (await repository.FindMissingAsync(repository.Signer())).ShouldBeEmpty();
    }

    [Fact]
    public async Task FindMissing_BundleAltered_DoesNotCount()
    {
        using var repository = await SignedRepository.CreateAsync(fixture.Registry);
        await repository.SignAsync(repository.Signer());
        var referrers = JsonNode.Parse((await repository.Client.GetManifestAsync(repository.Name, repository.ReferrersTag, default))!.Content.Span)!;

        // The annotations still tell of a valid signature, but of a manifest that is not the one listed.
        var child = repository.Children[0];
        referrers["manifests"]![0]!["digest"] = child.Digest.ToString();
        referrers["manifests"]![0]!["size"] = child.Size;
        await repository.PutManifestAsync(repository.ReferrersTag, MediaTypes.OciIndex, referrers.ToJsonString());

        (await repository.FindMissingAsync(repository.Signer())).ShouldBe([BundleFormat]);
        (await repository.SignAsync(repository.Signer())).ShouldBe([BundleFormat]);
        (await repository.FindMissingAsync(repository.Signer())).ShouldBeEmpty();
    }

    [Fact]
    public async Task FindMissing_RegistryThatListsNoAnnotations_ReadsTheBundle()
    {
        using var repository = await SignedRepository.CreateAsync(fixture.Registry);
        await repository.SignAsync(repository.Signer());
        var referrers = JsonNode.Parse((await repository.Client.GetManifestAsync(repository.Name, repository.ReferrersTag, default))!.Content.Span)!;
        referrers["manifests"]![0]!.AsObject().Remove("annotations");
        await repository.PutManifestAsync(repository.ReferrersTag, MediaTypes.OciIndex, referrers.ToJsonString());

        (await repository.CountAsync(repository.Key(), BundleFormat)).ShouldBe((true, 4));
    }

    [Fact]
    public async Task FindMissing_ThousandsOfReferrers_ReadsOnlyTheLast()
    {
        using var repository = await SignedRepository.CreateAsync(fixture.Registry);
        await repository.SignAsync(repository.Signer(null, BundleFormat));
        var referrers = JsonNode.Parse((await repository.Client.GetManifestAsync(repository.Name, repository.ReferrersTag, default))!.Content.Span)!;
        var entries = referrers["manifests"]!.AsArray();
        var child = repository.Children[0];
        for (var i = 0; i < 5000; i++)
        {
            entries.Add(JsonNode.Parse($$"""{"mediaType":"{{MediaTypes.OciManifest}}","digest":"{{child.Digest}}","size":{{child.Size}},"artifactType":"{{SigstoreBundle.MediaType}}","annotations":{"n":"{{i}}"} }"""));
        }

        await repository.PutManifestAsync(repository.ReferrersTag, MediaTypes.OciIndex, referrers.ToJsonString());

        // 16 manifests after the two requests of the list; ours is buried, so it is written once more and found at once.
        var (signed, requests) = await repository.CountAsync(repository.Key(), BundleFormat);
        signed.ShouldBeFalse();
        requests.ShouldBeLessThanOrEqualTo(18);
        await repository.SignAsync(repository.Signer(null, BundleFormat));
        (await repository.CountAsync(repository.Key(), BundleFormat)).ShouldBe((true, 2));
    }

    [Fact]
    public async Task Sign_ThousandsOfSignatures_SaysWhatToDelete()
    {
        using var repository = await SignedRepository.CreateAsync(fixture.Registry);
        var config = await repository.PutBlobAsync("{}", MediaTypes.OciConfig);
        var payload = await repository.PutBlobAsync("{}", SimpleSigning.MediaType);
        var layer = $$"""{{{payload.DescriptorMembers}},"annotations":{"{{SimpleSigning.SignatureAnnotation}}":"MEUCIQ=="} }""";
        await repository.PutManifestAsync(
            repository.SignatureTag, MediaTypes.OciManifest,
            $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciManifest}}","config":{{config.Descriptor}},"layers":[{{string.Join(',', Enumerable.Repeat(layer, 600))}}]}""");

        var exception = await Should.ThrowAsync<SigningException>(() => repository.SignAsync(repository.Signer(null, CosignFormat)));

        exception.Message.ShouldContain($"{repository.SignatureTag} holds 600 signatures");
        exception.Message.ShouldContain("Delete the tag");
    }

    [Fact]
    public async Task Sign_SameImageFromManySidesAtOnce_IsSignedOnce()
    {
        using var repository = await SignedRepository.CreateAsync(fixture.Registry);
        var signer = repository.Signer();

        var written = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => repository.SignAsync(signer)));

        written.Count(formats => formats.Count > 0).ShouldBe(1);
        (await repository.SignatureManifestAsync()).Layers.ShouldHaveSingleItem();
        (await repository.Client.GetReferrersAsync(repository.Name, repository.Index.Digest, default)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Sign_KilledBetweenTheFormatsAndBeforeTheBundleIsListed_OnlyTheRestIsWritten()
    {
        using var repository = await SignedRepository.CreateAsync(fixture.Registry);
        await repository.SignAsync(repository.Signer());
        var signature = await repository.SignatureManifestAsync();

        // As the process left it: the bundle is pushed, the list does not know it yet.
        await repository.PutManifestAsync(repository.ReferrersTag, MediaTypes.OciIndex, $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciIndex}}","manifests":[]}""");

        (await repository.SignAsync(repository.Signer())).ShouldBe([BundleFormat]);
        (await repository.SignatureManifestAsync()).Descriptor.Digest.ShouldBe(signature.Descriptor.Digest);
        (await repository.FindMissingAsync(repository.Signer())).ShouldBeEmpty();
    }

    [Fact]
    public async Task Sign_SignatureLostToAnotherWriter_IsRestoredByTheNextRun()
    {
        using var repository = await SignedRepository.CreateAsync(fixture.Registry);
        var signers = Enumerable.Range(0, 3).Select(i => repository.Signer(repository.Key($"key{i}"), CosignFormat)).ToList();
        await Task.WhenAll(signers.Select(signer => repository.SignAsync(signer)));

        foreach (var signer in signers)
        {
            await repository.SignAsync(signer);
        }

        (await repository.SignatureManifestAsync()).Layers.Count.ShouldBe(3);
        foreach (var signer in signers)
        {
            (await repository.FindMissingAsync(signer)).ShouldBeEmpty();
        }
    }
}
