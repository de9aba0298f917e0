using Ebb.Worker.Generators.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ebb.Worker.Generators.Reading;

/// <summary>One method with <c>[Function]</c> while it is read, and what is found to be wrong with it.</summary>
internal sealed class FunctionMethod(IMethodSymbol symbol, MethodDeclarationSyntax syntax, string name)
{
    private readonly List<Problem> _problems = [];

    public IMethodSymbol Symbol { get; } = symbol;

    public MethodDeclarationSyntax Syntax { get; } = syntax;

    public string Name { get; } = name;

    public IReadOnlyList<Problem> Problems => _problems;

    public void Report(DiagnosticDescriptor descriptor, Location? location, params string[] arguments) =>
        _problems.Add(new(descriptor, SourceLocation.From(location ?? Syntax.Identifier.GetLocation()), new(arguments)));

    /// <summary>Where an attribute's argument stands; the attribute itself when there is no such argument.</summary>
    public static Location? ArgumentOf(AttributeData attribute, int index)
    {
        var syntax = attribute.ApplicationSyntaxReference?.GetSyntax() as AttributeSyntax;
        var arguments = syntax?.ArgumentList?.Arguments;
        return arguments is { } list && index < list.Count ? list[index].GetLocation() : syntax?.GetLocation();
    }
}
