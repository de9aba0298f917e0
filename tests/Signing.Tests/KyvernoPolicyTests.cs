using System.Security.Cryptography;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Ebb.Signing.Tests;

public sealed class KyvernoPolicyTests
{
    private static readonly string[] Images = ["harbor.example.com/library/alpine", "127.0.0.1:5000/library/nginx:1.*", "harbor.example.com/apps/*"];

    [Theory]
    [InlineData("kyverno.io_clusterpolicies.yaml", false)]
    [InlineData("policies.kyverno.io_imagevalidatingpolicies.yaml", true)]
    public void Render_Policy_FitsTheSchemaOfKyverno(string definition, bool imageValidating)
    {
        var file = CustomResourceSchema.Find(definition);
        Assert.SkipWhen(file is null, $"The CRD {definition} is not beside the repository (../shared/data/crds).");

        foreach (var keys in new[] { new[] { PublicKey() }, [PublicKey(), PublicKey()] })
        {
            var yaml = imageValidating ? KyvernoPolicy.RenderImageValidating(Images, keys) : KyvernoPolicy.Render(Images, keys);
            CustomResourceSchema.Load(file!, Parse(yaml)).Problems(Parse(yaml)).ShouldBeEmpty();
        }
    }

    [Fact]
    public void Problems_MistakesInAPolicy_AreFound()
    {
        var file = CustomResourceSchema.Find("kyverno.io_clusterpolicies.yaml");
        Assert.SkipWhen(file is null, "The CRDs are not beside the repository (../shared/data/crds).");
        var yaml = KyvernoPolicy.Render(Images, [PublicKey()]).Replace("ignoreTlog: true", "ignoreTlogs: true", StringComparison.Ordinal)
            .Replace("required: true", "required: \"yes, please\"", StringComparison.Ordinal).Replace("Enforce", "Forbid", StringComparison.Ordinal);

        CustomResourceSchema.Load(file!, Parse(yaml)).Problems(Parse(yaml)).Count().ShouldBe(3);
    }

    [Fact]
    public void Render_ClusterPolicy_AdmitsTheseImagesByThisKeyWithoutALog()
    {
        var key = PublicKey();
        var spec = (YamlMappingNode)Parse(KyvernoPolicy.Render(Images, [key]))["spec"];

        var verify = spec["rules"][0]["verifyImages"][0];
        ((YamlSequenceNode)verify["imageReferences"]).Select(node => ((YamlScalarNode)node).Value).ShouldBe(
            ["harbor.example.com/library/alpine:*", "harbor.example.com/library/alpine@*", "127.0.0.1:5000/library/nginx:1.*", "harbor.example.com/apps/*"]);
        Text(verify["failureAction"]).ShouldBe("Enforce");
        Text(verify["mutateDigest"]).ShouldBe("true");
        Text(verify["required"]).ShouldBe("true");
        var keys = verify["attestors"][0]["entries"][0]["keys"];
        Text(keys["publicKeys"]).ShouldBe(key.Trim());
        Text(keys["rekor"]["ignoreTlog"]).ShouldBe("true");
        Text(keys["ctlog"]["ignoreSCT"]).ShouldBe("true");
    }

    [Fact]
    public void Render_TwoKeys_AnyOneAdmits()
    {
        var attestor = Parse(KyvernoPolicy.Render(Images, [PublicKey(), PublicKey()]))["spec"]["rules"][0]["verifyImages"][0]["attestors"][0];

        Text(attestor["count"]).ShouldBe("1");
        ((YamlSequenceNode)attestor["entries"]).Children.Count.ShouldBe(2);
    }

    [Fact]
    public void RenderImageValidating_EveryKindOfContainer_IsVerified()
    {
        var spec = Parse(KyvernoPolicy.RenderImageValidating(Images, [PublicKey(), PublicKey()]))["spec"];

        ((YamlSequenceNode)spec["validations"]).Select(validation => Text(validation["expression"])).ShouldBe(
        [
            "images.containers.filter(image, variables.covered.exists(pattern, image.matches(pattern))).map(image, verifyImageSignatures(image, [attestors.key1, attestors.key2])).all(count, count > 0)",
            "images.initContainers.filter(image, variables.covered.exists(pattern, image.matches(pattern))).map(image, verifyImageSignatures(image, [attestors.key1, attestors.key2])).all(count, count > 0)",
            "images.ephemeralContainers.filter(image, variables.covered.exists(pattern, image.matches(pattern))).map(image, verifyImageSignatures(image, [attestors.key1, attestors.key2])).all(count, count > 0)",
        ]);
        Text(spec["attestors"][1]["cosign"]["ctlog"]["insecureIgnoreTlog"]).ShouldBe("true");
        Text(spec["attestors"][1]["cosign"]["ctlog"]["insecureIgnoreSCT"]).ShouldBe("true");
    }

    [Theory]
    [InlineData("harbor.example.com/library/alpine:3.21", true)]
    [InlineData("harbor.example.com/library/alpine:3.21@sha256:00", true)]
    [InlineData("harbor.example.com/library/alpine@sha256:00", true)]
    [InlineData("harbor.example.com/library/alpine", true)]
    [InlineData("127.0.0.1:5000/library/nginx:1.27", true)]
    [InlineData("harbor.example.com/apps/shop/web:1", true)]
    [InlineData("127.0.0.1:5000/library/nginx:2.0", false)]
    [InlineData("harbor.example.com/library/alpine-git:3.21", false)]
    [InlineData("harborXexample.com/library/alpine:3.21", false)]
    [InlineData("docker.io/harbor.example.com/library/alpine:3.21", false)]
    [InlineData("registry.k8s.io/pause:3.10", false)]
    public void RenderImageValidating_ImagesOfOthers_AreNotAskedForASignature(string image, bool isCovered)
    {
        var spec = Parse(KyvernoPolicy.RenderImageValidating(Images, [PublicKey()]))["spec"];

        var variable = ((YamlSequenceNode)spec["variables"]).ShouldHaveSingleItem();
        Text(variable["name"]).ShouldBe("covered");
        var patterns = Text(variable["expression"]).ShouldNotBeNull().Split('\n').Where(line => line.StartsWith("  r'", StringComparison.Ordinal)).Select(line => line.Trim()[2..].TrimEnd(',', '\'')).ToList();
        patterns.Any(pattern => Regex.IsMatch(image, pattern, RegexOptions.NonBacktracking)).ShouldBe(isCovered);
        // What is asked for must be among what Kyverno would verify, or it is refused with no signature looked for.
        patterns.Count.ShouldBe(((YamlSequenceNode)spec["matchImageReferences"]).Children.Count);
    }

    [Fact]
    public void Render_ReferenceThatWouldBreakTheYaml_IsRefusedWithAllProblems()
    {
        var exception = Should.Throw<ArgumentException>(() => KyvernoPolicy.Render(["a\"\n- evil", "harbor.example.com/x"], ["no key"]));

        exception.Message.ShouldContain("is no image reference or pattern");
        exception.Message.ShouldContain("A key is not a PEM public key.");
        Should.Throw<ArgumentException>(() => KyvernoPolicy.Render([], [PublicKey()])).Message.ShouldContain("There is no image to admit.");
    }

    private static string PublicKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportSubjectPublicKeyInfoPem() + "\n";
    }

    private static YamlMappingNode Parse(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return (YamlMappingNode)stream.Documents.ShouldHaveSingleItem().RootNode;
    }

    private static string? Text(YamlNode node) => ((YamlScalarNode)node).Value;
}
