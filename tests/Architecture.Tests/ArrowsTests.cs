using System.Xml.Linq;

namespace Ebb.Architecture.Tests;

public sealed class ArrowsTests
{
    [Fact]
    public void Projects_AsTheyAre_ReferenceOnlyWhatTheDesignAllows() =>
        Arrows.Violations(Repository.Projects).ShouldBeEmpty();

    [Fact]
    public void Projects_Found_AreThoseOfEveryFolder() =>
        Repository.Projects.Select(project => project.Folder).Distinct().ShouldBeSubsetOf(["functions", "shared", "keda", "tests"]);

    [Theory]
    [InlineData("shared/Http/Http.csproj", "shared/Oci/Oci.csproj", "may reference nothing")]
    [InlineData("shared/Worker/Worker.csproj", "shared/Oci/Oci.csproj", "only shared/Storage")]
    [InlineData("shared/Vault/Vault.csproj", "shared/Oci/Oci.csproj", "only shared/Http")]
    [InlineData("functions/Webhooks/Webhooks.csproj", "functions/ImageMirror/ImageMirror.csproj", "never another app")]
    [InlineData("functions/Webhooks/Webhooks.csproj", "tests/TestServers/TestServers.csproj", "an app may reference")]
    [InlineData("shared/Oci/Oci.csproj", "tests/TestServers/TestServers.csproj", "only shared/Http")]
    [InlineData("shared/Extra/Extra.csproj", "shared/Http/Http.csproj", "not among the known projects")]
    [InlineData("tests/TestServers/TestServers.csproj", "shared/Oci/Oci.csproj", "know no product project")]
    [InlineData("tests/Oci.Tests/Oci.Tests.csproj", "tests/Http.Tests/Http.Tests.csproj", "do not build on each other")]
    [InlineData("tests/Oci.Tests/Oci.Tests.csproj", "tests/Storage.CrashHost/Storage.CrashHost.csproj", "do not build on each other")]
    public void Violations_ForbiddenReference_NamesBothAndTheRule(string project, string reference, string reason) =>
        Arrows.Violations([Project(project, reference)]).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            message => message.ShouldStartWith(project),
            message => message.ShouldContain(reason));

    [Theory]
    [InlineData("functions/AllInOne/AllInOne.csproj", "functions/Webhooks/Webhooks.csproj")]
    [InlineData("functions/ImageMirror/ImageMirror.csproj", "shared/Signing/Signing.csproj")]
    [InlineData("tests/Oci.Tests/Oci.Tests.csproj", "tests/TestServers/TestServers.csproj")]
    [InlineData("tests/Storage.Tests/Storage.Tests.csproj", "tests/Storage.CrashHost/Storage.CrashHost.csproj")]
    public void Violations_AllowedReference_FindsNone(string project, string reference) =>
        Arrows.Violations([Project(project, reference)]).ShouldBeEmpty();

    [Fact]
    public void References_RelativePath_IsUnderstoodLikeOneFromTheRoot() =>
        new ProjectFile("shared/Oci/Oci.csproj", Content(@"..\Http\Http.csproj")).References.ShouldBe(["shared/Http"]);

    private static ProjectFile Project(string path, string reference) => new(path, Content("$(RepositoryRoot)" + reference));

    private static XDocument Content(string include) =>
        new(new XElement("Project", new XElement("ItemGroup", new XElement("ProjectReference", new XAttribute("Include", include)))));
}
