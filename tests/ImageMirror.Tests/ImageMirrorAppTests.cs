using Microsoft.Extensions.Configuration;

namespace Ebb.ImageMirror.Tests;

public sealed class ImageMirrorAppTests
{
    [Fact]
    public void Validate_Defaults_HaveNoProblem() => Validate([]).ShouldBeEmpty();

    [Fact]
    public void Validate_ManyMistakes_NamesAll()
    {
        Validate(new()
        {
            ["ImageMirror:Target"] = "library",
            ["ImageMirror:CreateProjects"] = "yes",
            ["ImageMirror:MaxParallelImages"] = "0",
            ["ImageMirror:MaxParallelBlobs"] = "12",
            ["ImageMirror:PullsToKeep"] = "-1",
            ["ImageMirror:VerifyBundlesEvery"] = "weekly",
            ["Signing:Key"] = "/nowhere/cosign.key",
            ["Signing:Formats"] = "cosign,pgp",
            ["Signing:AdhocKey"] = "/nowhere/adhoc.key",
            ["Signing:AdhocPasswordFile"] = "/nowhere/password",
            ["ImageMirror:Adhoc:Sources:0:Pattern"] = "*/x",
            ["Registries:0:Host"] = "harbor.example.com",
            ["Registries:0:Username"] = "robot",
        }).Select(problem => problem.Split(' ')[0]).ShouldBe(
            [
                "ImageMirror:Target", "ImageMirror:CreateProjects", "ImageMirror:MaxParallelImages", "ImageMirror:PullsToKeep", "ImageMirror:VerifyBundlesEvery",
                "Signing:Formats", "Signing:Key", "Signing:AdhocKey", "Signing:AdhocPasswordFile", "ImageMirror:Adhoc:Sources:0:Pattern", "Registries:0",
            ],
            ignoreOrder: true);
    }

    [Fact]
    public void Validate_MoreBlobsThanRequests_IsRefused() =>
        Validate(new() { ["ImageMirror:MaxParallelBlobs"] = "8" }).ShouldBe(["ImageMirror:MaxParallelBlobs is 8; write less than MaxConcurrentRequests, which is 8."]);

    [Theory]
    [InlineData("hashivault://platform", "hashivault://platform")]
    [InlineData("KEY", "KEY")]
    [InlineData("KEY", "COPY")]
    public void Validate_OneKeyForBoth_IsRefused(string key, string adhoc)
    {
        var folder = Directory.CreateTempSubdirectory("ebb-keys-");
        try
        {
            var (file, copy) = (Path.Combine(folder.FullName, "key.pem"), Path.Combine(folder.FullName, "copy.pem"));
            File.WriteAllText(file, "the same");
            File.Copy(file, copy);
            string Named(string text) => text.Replace("KEY", file, StringComparison.Ordinal).Replace("COPY", copy, StringComparison.Ordinal);

            Validate(new() { ["Signing:Key"] = Named(key), ["Signing:AdhocKey"] = Named(adhoc) })
                .ShouldContain(problem => problem.StartsWith("Signing:AdhocKey and Signing:Key are the same key", StringComparison.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Needs_KeyForAdhoc_IsASecretOfItsOwn()
    {
        var needs = new ImageMirrorApp().Needs(new ConfigurationBuilder().AddInMemoryCollection([new("Signing:AdhocKey", "adhoc.key")]).Build());

        needs.Secrets.Select(secret => secret.Secret).ShouldBe(["ebb-registries", "ebb-signing", "ebb-adhoc-signing"]);
        needs.Settings["Signing:AdhocKey"].ShouldBe("/run/secrets/ebb/adhoc-signing/cosign.key");
    }

    [Fact]
    public void Validate_KeyInVaultWithoutVault_IsNamed() =>
        Validate(new() { ["Signing:Key"] = "hashivault://platform" }).ShouldContain(problem => problem.StartsWith("Vault:Address", StringComparison.Ordinal));

    [Fact]
    public async Task ImagesCheck_TellsEveryProblem()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "target: harbor.example.com/library\nimages:\n  - source: docker.io/library/alpine\n    tags: [\"3.21\"]\n");
            (await CheckAsync(file)).ShouldBe((0, $"{file}: 1 images for harbor.example.com/library, no problems\n"));
            await File.WriteAllTextAsync(file, "images:\n  - source: A\n");
            var (code, output) = await CheckAsync(file);
            code.ShouldBe(1);
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2, output);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<(int Code, string Output)> CheckAsync(string file)
    {
        using var output = new StringWriter();
        var command = new ImageMirrorApp().Commands(new ConfigurationBuilder().Build()).Single(command => command.Name == "images");
        var code = await command.Parse(["check", file]).InvokeAsync(new() { Output = output, Error = output }, TestContext.Current.CancellationToken);
        return (code, output.ToString());
    }

    private static List<string> Validate(Dictionary<string, string?> settings) =>
        [.. new ImageMirrorApp().Validate(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())];
}
