using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Ebb.Worker.Generators.Tests;

public sealed class IncrementalityTests
{
    [Fact]
    public void Edit_InAnotherFile_LeavesEveryStepCached()
    {
        var compilation = Generation.Compile(Sample.Functions, Sample.Json);
        var edited = compilation.AddSyntaxTrees(Parse("namespace Sample.App; internal static class Unrelated { public static int Answer => 42; }"));

        var second = Generation.Run(compilation).Again(edited);

        Reasons(second, FunctionIndexGenerator.FunctionsStep).ShouldAllBe(reason => IsUnchanged(reason));
        Reasons(second, FunctionIndexGenerator.ProblemsStep).ShouldAllBe(reason => IsUnchanged(reason));
        Outputs(second).ShouldAllBe(reason => reason == IncrementalStepRunReason.Cached);
    }

    [Fact]
    public void Edit_OfAFunctionsBody_WritesNothingNew()
    {
        var compilation = Generation.Compile(Sample.Functions, Sample.Json);
        var tree = compilation.SyntaxTrees[0];
        var edited = compilation.ReplaceSyntaxTree(tree, Parse(tree.ToString().Replace("trace.Lines.Add($\"sweep", "trace.Lines.Add($\"swept", StringComparison.Ordinal)));

        var second = Generation.Run(compilation).Again(edited);

        Reasons(second, FunctionIndexGenerator.FunctionsStep).ShouldAllBe(reason => IsUnchanged(reason));
    }

    [Fact]
    public void Edit_OfASchedule_WritesTheIndexAnew()
    {
        var compilation = Generation.Compile(Sample.Functions, Sample.Json);
        var tree = compilation.SyntaxTrees[0];
        var edited = compilation.ReplaceSyntaxTree(tree, Parse(tree.ToString().Replace("0 0 3 * * *", "0 0 4 * * *", StringComparison.Ordinal)));

        var second = Generation.Run(compilation).Again(edited);

        Reasons(second, FunctionIndexGenerator.FunctionsStep).ShouldBe([IncrementalStepRunReason.Modified]);
        second.Index.ShouldContain("0 0 4 * * *");
    }

    private static SyntaxTree Parse(string source) => CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.CSharp13), "Edited.cs");

    private static bool IsUnchanged(IncrementalStepRunReason reason) => reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged;

    private static IEnumerable<IncrementalStepRunReason> Reasons(Generation generation, string step) =>
        Result(generation).TrackedSteps[step].SelectMany(run => run.Outputs).Select(output => output.Reason);

    private static IEnumerable<IncrementalStepRunReason> Outputs(Generation generation) =>
        Result(generation).TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(run => run.Outputs).Select(output => output.Reason);

    private static GeneratorRunResult Result(Generation generation) => generation.Driver.GetRunResult().Results.Single();
}
