using Ebb.Worker.Generators.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ebb.Worker.Generators.Reading;

/// <summary>Reads a method with <c>[Function]</c> into a model that holds no symbols.</summary>
internal static class FunctionReader
{
    private const int MaxNameLength = 100;

    public static FunctionReading Read(GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var attribute = context.Attributes[0];
        var name = attribute.ConstructorArguments.FirstOrDefault().Value as string ?? string.Empty;
        var method = new FunctionMethod((IMethodSymbol)context.TargetSymbol, (MethodDeclarationSyntax)context.TargetNode, name);
        var nameLocation = FunctionMethod.ArgumentOf(attribute, 0);
        var named = IsName(name);
        if (!named)
        {
            method.Report(Diagnostics.Name, nameLocation, name);
        }

        var parameters = ParameterReader.Read(method);
        var returned = ReturnReader.Read(method, parameters?.Trigger);
        var instance = InstanceReader.Read(method);
        var retry = RetryReader.Read(method);
        var output = OutputReader.Read(method, parameters?.Trigger, returned);
        var place = named ? new NamedPlace(name, name, SourceLocation.From(nameLocation)) : null;
        if (method.Problems.Count > 0 || parameters is null || returned is null || instance is null)
        {
            return new(null, place, default, new(method.Problems));
        }

        var call = new CallModel(
            instance.Type, instance.Method, instance.Services, instance.Disposal, parameters.Arguments,
            returned.Kind, returned.IsAwaited, parameters.Message?.Name, returned.Value?.Name);
        var jsonTypes = new[] { parameters.Message, returned.Value }.OfType<NamedPlace>();
        return new(new(name, EntryPoint(method.Symbol), parameters.Trigger, retry, output, call), place, new(jsonTypes), default);
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameLength && IsLetter(name[0]) && name.All(c => IsLetter(c) || c is (>= '0' and <= '9') or '-' or '_');

    private static bool IsLetter(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z');

    private static string EntryPoint(IMethodSymbol method) =>
        $"{method.ContainingType.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat)}.{method.Name}";
}
