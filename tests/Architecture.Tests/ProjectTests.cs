namespace Ebb.Architecture.Tests;

public sealed class ProjectTests
{
    private static IEnumerable<ProjectFile> Product => Repository.Projects.Where(project => project.Folder != "tests");

    [Fact]
    public void EveryProject_IsInTheSolution()
    {
        var solution = Repository.Read("Functions.sln").Replace('\\', '/');
        Repository.Projects.Select(project => project.Path).Where(path => !solution.Contains($"\"{path}\"", StringComparison.Ordinal))
            .ShouldBeEmpty("each of these is missing in Functions.sln: dotnet sln add <path>");
    }

    [Fact]
    public void EverySharedProject_HasAReadme() =>
        Product.Where(project => project.Folder == "shared")
            .Select(project => $"shared/{project.Name}/README.md")
            .Where(path => !File.Exists(Path.Combine(Repository.Root, path)))
            .ShouldBeEmpty("a shared project says what it is for, shows ten lines of use and names what it refuses to do");

    [Fact]
    public void EveryProductProject_HasTests()
    {
        // AllInOne and Isolated are what EndToEnd.Tests starts; Contracts holds records only, read and written by the tests of both sides.
        string[] testedElsewhere = ["AllInOne", "Isolated", "Contracts"];
        Product.Select(project => project.Name).Except(testedElsewhere)
            .Where(name => !Repository.Projects.Any(project => project.Id == $"tests/{name}.Tests"))
            .ShouldBeEmpty("each of these has no tests/<name>.Tests");
    }

    [Fact]
    public void EveryProductProject_IsAotCompatible()
    {
        foreach (var props in new[] { "functions/Directory.Build.props", "shared/Directory.Build.props" })
        {
            Repository.Read(props).ShouldContain("<IsAotCompatible>true</IsAotCompatible>", customMessage: props);
        }

        // Worker.Generators runs inside the compiler and is never published.
        Product.Where(project => project.Name != "Worker.Generators")
            .Where(project => project.Property("IsAotCompatible") == "false" || project.Property("PublishAot") == "false")
            .Select(project => project.Path)
            .ShouldBeEmpty("native binaries hold these projects: they must stay compatible with ahead-of-time compilation");
    }

    [Fact]
    public void EveryPackage_HasItsVersionInOnePlace() =>
        Repository.Projects
            .SelectMany(project => project.Packages
                .Where(package => package.Attribute("Version") is not null || package.Attribute("VersionOverride") is not null)
                .Select(package => $"{project.Path}: {package.Attribute("Include")?.Value}"))
            .ShouldBeEmpty("versions belong into Directory.Packages.props");

    [Fact]
    public void EveryProject_TreatsWarningsAsErrorsAndRunsTheAnalyzers()
    {
        var props = Repository.Read("Directory.Build.props");
        props.ShouldContain("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>");
        props.ShouldContain("<EnforceCodeStyleInBuild>true</EnforceCodeStyleInBuild>");
        props.ShouldContain("""<PackageReference Include="Microsoft.CodeAnalysis.BannedApiAnalyzers" """);
        props.ShouldContain("""<AdditionalFiles Include="$(RepositoryRoot)BannedSymbols.txt" />""");

        string[] switches = ["TreatWarningsAsErrors", "EnforceCodeStyleInBuild", "RunAnalyzers", "RunAnalyzersDuringBuild", "AnalysisLevel"];
        Repository.Projects
            .SelectMany(project => switches.Where(name => project.Property(name) is not null).Select(name => $"{project.Path}: {name}"))
            .ShouldBeEmpty("these settings are the same for every project and stand in Directory.Build.props");
    }

    [Fact]
    public void BannedSymbols_HoldTheClockAndBlockingWaits()
    {
        var banned = Repository.Read("BannedSymbols.txt");
        foreach (var symbol in new[] { "P:System.DateTime.UtcNow", "P:System.DateTimeOffset.UtcNow", "M:System.Threading.Thread.Sleep(System.Int32)", "P:System.Threading.Tasks.Task`1.Result" })
        {
            banned.ShouldContain(symbol);
        }
    }
}
