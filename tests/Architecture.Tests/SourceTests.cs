using System.Text.RegularExpressions;

namespace Ebb.Architecture.Tests;

public sealed partial class SourceTests
{
    private const int MostLines = 400;

    // The two codes say that a library warns, and nothing of our own code. Google.Protobuf's descriptors use reflection, and the tests of the scaler
    // run against its native binary.
    private static readonly Dictionary<string, string> Allowed = new(StringComparer.Ordinal)
    {
        ["keda/Scaler/Scaler.csproj"] = "<NoWarn>$(NoWarn);IL2104;IL3053</NoWarn>",
    };

    private static IEnumerable<string> ProductSources =>
        new[] { "functions", "shared", "keda" }.SelectMany(folder => Repository.Files("*.cs", folder));

    [Fact]
    public void EverySourceFile_IsShortEnoughToRead() =>
        ProductSources
            .Select(path => (Path: path, Lines: Repository.Read(path).Count(character => character == '\n')))
            .Where(file => file.Lines > MostLines)
            .Select(file => $"{file.Path}: {file.Lines} lines, {MostLines} at most")
            .ShouldBeEmpty();

    [Fact]
    public void NoSourceFile_SuppressesAWarning() =>
        Repository.Files("*.cs")
            .Where(path => !path.EndsWith($"/{nameof(SourceTests)}.cs", StringComparison.Ordinal))
            .Where(path => Suppression().IsMatch(Repository.Read(path)))
            .ShouldBeEmpty("a warning is mended, or its rule is switched off in .editorconfig with the reason; trim and AOT warnings are always mended");

    [Fact]
    public void NoBuildFile_SilencesTrimOrAotWarnings() =>
        new[] { "*.csproj", "*.props", "*.targets", ".editorconfig", "*.globalconfig" }
            .SelectMany(pattern => Repository.Files(pattern))
            .Where(path => SilencedAot().IsMatch(Repository.Read(path).Replace(Allowed.GetValueOrDefault(path, "\n"), "\n", StringComparison.Ordinal)))
            .ShouldBeEmpty("trim and AOT warnings are mended, never silenced");

    [Theory]
    [InlineData("#pragma warning disable IL2026")]
    [InlineData("[UnconditionalSuppressMessage(\"Trimming\", \"IL2026\")]")]
    [InlineData("[assembly: SuppressMessage(\"a\", \"b\")]")]
    public void Suppression_EveryForm_IsRecognized(string line) => Suppression().IsMatch(line).ShouldBeTrue();

    [Theory]
    [InlineData("<NoWarn>$(NoWarn);IL2026</NoWarn>")]
    [InlineData("<SuppressTrimAnalysisWarnings>true</SuppressTrimAnalysisWarnings>")]
    [InlineData("<ILLinkTreatWarningsAsErrors>false</ILLinkTreatWarningsAsErrors>")]
    [InlineData("dotnet_diagnostic.IL3050.severity = none")]
    public void SilencedAot_EveryForm_IsRecognized(string line) => SilencedAot().IsMatch(line).ShouldBeTrue();

    [GeneratedRegex(@"#pragma\s+warning\s+disable|\[\s*(assembly:\s*)?(Unconditional)?SuppressMessage")]
    private static partial Regex Suppression();

    [GeneratedRegex(@"<NoWarn>[^<]*IL\d|SuppressTrimAnalysisWarnings>true|SuppressAotAnalysisWarnings>true|(ILLink|IlcTreat\w*)\w*WarningsAsErrors>false|<Enable(Aot|Trim)Analyzer>false|dotnet_diagnostic\.IL\d+\.severity\s*=\s*(none|silent|suggestion)")]
    private static partial Regex SilencedAot();
}
