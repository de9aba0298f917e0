using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Ebb.Worker.Generators.Tests;

/// <summary>One run of the generator over source text.</summary>
internal sealed class Generation
{
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp13);

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private Generation(GeneratorDriver driver, Compilation output)
    {
        Driver = driver;
        Output = output;
    }

    public GeneratorDriver Driver { get; }

    /// <summary>The source with what was generated.</summary>
    public Compilation Output { get; }

    public IReadOnlyList<Diagnostic> Diagnostics => Driver.GetRunResult().Diagnostics;

    public string Index => Driver.GetRunResult().GeneratedTrees.Single().ToString();

    public static Generation Run(params string[] sources) => Run(Compile(sources));

    public static Generation Run(CSharpCompilation compilation, string? rootNamespace = "Sample.App")
    {
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new FunctionIndexGenerator().AsSourceGenerator()],
            parseOptions: ParseOptions,
            optionsProvider: new ProjectProperties(rootNamespace),
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out var output, out _);
        return new(driver, output);
    }

    /// <summary>Runs again after an edit.</summary>
    public Generation Again(CSharpCompilation compilation) =>
        new(Driver.RunGeneratorsAndUpdateCompilation(compilation, out var output, out _), output);

    public static CSharpCompilation Compile(params string[] sources) => CSharpCompilation.Create(
        "Sample.App",
        sources.Select((source, index) => CSharpSyntaxTree.ParseText(source, ParseOptions, $"Source{index}.cs")),
        References,
        new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, warningLevel: 9999,
            specificDiagnosticOptions: [new("CS1701", ReportDiagnostic.Suppress)])); // As every project has it: packages refer to earlier versions of each other.

    /// <summary>Everything the compiler says, the generator's own diagnostics aside.</summary>
    public IEnumerable<Diagnostic> CompilerSays() => Output.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning);

    /// <summary>Compiles, loads and gives the functions.</summary>
    public IReadOnlyList<IndexedFunction> Load()
    {
        using var image = new MemoryStream();
        Output.Emit(image).Success.ShouldBeTrue();
        image.Position = 0;
        var index = new AssemblyLoadContext(null, isCollectible: true).LoadFromStream(image).GetType("Sample.App.FunctionIndex", throwOnError: true)!;
        return (IReadOnlyList<IndexedFunction>)index.GetProperty("Functions", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
    }
}
