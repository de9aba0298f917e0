using System.Text;
using Ebb.TestServers.Registry;

namespace Ebb.Oci.Tests;

public sealed class ManifestTests
{
    private const string Hex = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    [Fact]
    public void Parse_Image_ReadsAllAndKeepsBytes()
    {
        var image = TestImage.Create(50);

        var manifest = Manifest.Parse(image.Manifests[0].Content, MediaTypes.OciManifest);

        manifest.Content.ToArray().ShouldBe(image.Manifests[0].Content);
        manifest.Descriptor.Digest.ToString().ShouldBe(image.Manifests[0].Digest);
        manifest.Config!.Digest.ToString().ShouldBe(image.Blobs[0].Digest);
        manifest.Layers.Count.ShouldBe(2);
        manifest.IsIndex.ShouldBeFalse();
    }

    [Fact]
    public void Parse_NoOwnMediaType_TakesTheStatedOne()
    {
        var manifest = Parse($$"""{"schemaVersion":2,"manifests":[]}""", MediaTypes.OciIndex + "; charset=utf-8");

        manifest.IsIndex.ShouldBeTrue();
        manifest.Descriptor.MediaType.ShouldBe(MediaTypes.OciIndex);
    }

    [Fact]
    public void Parse_Artifact_SubjectTypeAndAnnotations()
    {
        var manifest = Parse(
            $$"""{"schemaVersion":2,"artifactType":"a/b","config":{"mediaType":"{{MediaTypes.OciEmpty}}","digest":"sha256:{{Hex}}","size":2},"layers":null,"subject":{"mediaType":"x/y","digest":"sha256:{{Hex}}","size":3},"annotations":{"k":"v"} }""",
            MediaTypes.OciManifest);

        manifest.Subject!.Size.ShouldBe(3);
        manifest.ArtifactType.ShouldBe("a/b");
        manifest.Annotations["k"].ShouldBe("v");
    }

    [Theory]
    [InlineData("[]", MediaTypes.OciIndex, "not a JSON object")]
    [InlineData("{", MediaTypes.OciIndex, "not JSON")]
    [InlineData("{}", "text/html", "no media type")]
    [InlineData("{}", MediaTypes.OciIndex, "schemaVersion")]
    [InlineData("""{"schemaVersion":1}""", MediaTypes.OciIndex, "schemaVersion")]
    [InlineData("""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json"}""", MediaTypes.OciIndex, "calls itself")]
    [InlineData("""{"schemaVersion":2,"manifests":[],"layers":[]}""", MediaTypes.OciIndex, "ambiguous")]
    [InlineData("""{"schemaVersion":2,"manifests":[],"config":{},"layers":[]}""", MediaTypes.OciManifest, "ambiguous")]
    [InlineData("""{"schemaVersion":2,"manifests":[],"manifests":[]}""", MediaTypes.OciIndex, "twice")]
    [InlineData("""{"schemaVersion":2,"manifests":[{"mediaType":"a/b","digest":"sha256:zz","size":1}]}""", MediaTypes.OciIndex, "manifests[0] has no valid digest")]
    [InlineData("""{"schemaVersion":2,"manifests":{}}""", MediaTypes.OciIndex, "not a list")]
    [InlineData("""{"schemaVersion":2,"layers":[]}""", MediaTypes.OciManifest, "no config")]
    public void Parse_Broken_NamesWhatAndWhere(string json, string mediaType, string named) =>
        Should.Throw<OciFormatException>(() => Parse(json, mediaType)).Message.ShouldContain(named);

    [Fact]
    public void Parse_NegativeSize_Refused() => Should.Throw<OciFormatException>(() => Parse(
        $$"""{"schemaVersion":2,"manifests":[{"mediaType":"a/b","digest":"sha256:{{Hex}}","size":-1}]}""", MediaTypes.OciIndex)).Message.ShouldContain("size");

    [Fact]
    public void Parse_DeepNesting_Refused() => Should.Throw<OciFormatException>(() => Parse(
        $$"""{"schemaVersion":2,"x":{{new string('[', 100_000)}}""", MediaTypes.OciIndex)).Message.ShouldContain("not JSON");

    [Fact]
    public void Parse_LongerThan4MiB_Refused() =>
        Should.Throw<OciFormatException>(() => Manifest.Parse(new byte[Manifest.MaxBytes + 1], MediaTypes.OciIndex)).Message.ShouldContain("4194304");

    private static Manifest Parse(string json, string mediaType) => Manifest.Parse(Encoding.UTF8.GetBytes(json), mediaType);
}
