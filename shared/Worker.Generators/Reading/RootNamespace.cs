using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Ebb.Worker.Generators.Reading;

/// <summary>The namespace of the generated index.</summary>
internal static class RootNamespace
{
    /// <summary>The project's <c>RootNamespace</c>, or the assembly's name made into one.</summary>
    public static string Of(AnalyzerConfigOptions options, string? assemblyName)
    {
        var given = options.TryGetValue("build_property.RootNamespace", out var value) && value.Length > 0 ? value : assemblyName ?? string.Empty;
        return string.Join(".", given.Split('.').Where(segment => segment.Length > 0).Select(Identifier));
    }

    private static string Identifier(string segment)
    {
        var letters = new string([.. segment.Select(c => SyntaxFacts.IsIdentifierPartCharacter(c) ? c : '_')]);
        var identifier = SyntaxFacts.IsIdentifierStartCharacter(letters[0]) ? letters : $"_{letters}";
        return SyntaxFacts.GetKeywordKind(identifier) is SyntaxKind.None ? identifier : $"@{identifier}";
    }
}
