using System.Collections.Immutable;
using System.Text;
using Ebb.Worker.Generators.Models;
using Ebb.Worker.Generators.Reading;
using Ebb.Worker.Generators.Writing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Ebb.Worker.Generators;

/// <summary>
/// Writes <c>FunctionIndex</c>, the compile-time index of the functions of an assembly, and reports what is wrong with them.
/// Nothing between its steps holds a symbol or a syntax tree, so that an unrelated edit costs nothing.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class FunctionIndexGenerator : IIncrementalGenerator
{
    /// <summary>The tracking name of the step that yields the functions.</summary>
    public const string FunctionsStep = "Functions";

    /// <summary>The tracking name of the step that yields the problems.</summary>
    public const string ProblemsStep = "Problems";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var readings = context.SyntaxProvider
            .ForAttributeWithMetadataName(KnownNames.Function, static (node, _) => node is MethodDeclarationSyntax, FunctionReader.Read)
            .Collect()
            .Select(static (all, _) => new EquatableArray<FunctionReading>(all));

        var rootNamespace = context.AnalyzerConfigOptionsProvider
            .Combine(context.CompilationProvider.Select(static (compilation, _) => compilation.AssemblyName))
            .Select(static (pair, _) => RootNamespace.Of(pair.Left.GlobalOptions, pair.Right));
        var knowsWorker = context.CompilationProvider
            .Select(static (compilation, _) => compilation.GetTypeByMetadataName(KnownNames.IndexedFunction) is not null);
        var isProgram = context.CompilationProvider
            .Select(static (compilation, _) => compilation.GetTypeByMetadataName(KnownNames.ProgramFunctions) is not null);
        var functions = readings
            .Select(static (all, _) => new EquatableArray<FunctionModel>(
                all.Select(reading => reading.Function).OfType<FunctionModel>().OrderBy(function => function.Name, StringComparer.Ordinal)))
            .WithTrackingName(FunctionsStep);
        context.RegisterSourceOutput(functions.Combine(rootNamespace).Combine(knowsWorker), static (output, source) =>
        {
            if (source.Right)
            {
                output.AddSource("FunctionIndex.g.cs", SourceText.From(IndexWriter.Write(source.Left.Right, source.Left.Left), Encoding.UTF8));
            }
        });

        context.RegisterSourceOutput(isProgram.Combine(rootNamespace), static (output, source) =>
        {
            if (source.Left)
            {
                output.AddSource("FunctionIndexRegistration.g.cs", SourceText.From(IndexWriter.WriteRegistration(source.Right), Encoding.UTF8));
            }
        });

        var problems = readings.Combine(JsonTypesKnown(context)).Select(static (pair, _) => Problems.Of(pair.Left, pair.Right)).WithTrackingName(ProblemsStep);
        context.RegisterSourceOutput(problems, static (output, all) =>
        {
            foreach (var problem in all)
            {
                output.ReportDiagnostic(problem.ToDiagnostic());
            }
        });
    }

    private static IncrementalValueProvider<EquatableArray<string>> JsonTypesKnown(IncrementalGeneratorInitializationContext context)
    {
        var declared = context.SyntaxProvider
            .ForAttributeWithMetadataName(KnownNames.JsonSerializable, static (node, _) => node is TypeDeclarationSyntax, JsonTypes.Declared)
            .Collect();
        var referenced = context.CompilationProvider.Select(JsonTypes.Referenced);
        return declared.Combine(referenced).Select(static (pair, _) => Union(pair.Left, pair.Right));
    }

    private static EquatableArray<string> Union(ImmutableArray<EquatableArray<string>> declared, EquatableArray<string> referenced) =>
        new(declared.SelectMany(types => types).Concat(referenced).Distinct().OrderBy(type => type, StringComparer.Ordinal));
}
