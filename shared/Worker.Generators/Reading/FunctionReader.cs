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
        var outputs = OutputReader.Read(method, parameters?.Trigger, returned);
        CheckAttributes(method, parameters?.Trigger);
        var place = named ? new NamedPlace(name, name, SourceLocation.From(nameLocation)) : null;
        if (method.Problems.Count > 0 || parameters is null || returned is null || instance is null)
        {
            return new(null, place, default, new(method.Problems));
        }

        var jsonTypes = new[] { parameters.Message }.OfType<NamedPlace>().Concat(returned.JsonTypes).ToList();
        var call = new CallModel(
            instance.Type, instance.Method, instance.Services, instance.Disposal, parameters.Arguments, parameters.Parameters,
            returned.KindWith(outputs), returned.IsAwaited, parameters.Message?.Name, returned.Type, returned.Parts,
            new(jsonTypes.Select(type => type.Name).Distinct()));
        return new(new(name, EntryPoint(method.Symbol), parameters.Trigger, parameters.TriggerParameter, retry, outputs, call), place, new(jsonTypes), default);
    }

    private static void CheckAttributes(FunctionMethod method, TriggerModel? trigger)
    {
        if (trigger is not (null or TriggerModel.Timer) && method.Symbol.Attribute(KnownNames.CatchUp) is { } catchUp)
        {
            method.Report(Diagnostics.CatchUp, FunctionMethod.ArgumentOf(catchUp, int.MaxValue), method.Name, "only a function with a TimerTrigger has occurrences to catch up. Take [CatchUp] away.");
        }

        if (trigger is TriggerModel.Timer or TriggerModel.Queue && method.Symbol.Attribute(KnownNames.Scoped) is { } scoped)
        {
            method.Report(Diagnostics.Scoped, FunctionMethod.ArgumentOf(scoped, int.MaxValue), method.Name);
        }
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameLength && IsLetter(name[0]) && name.All(c => IsLetter(c) || c is (>= '0' and <= '9') or '-' or '_');

    private static bool IsLetter(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z');

    private static string EntryPoint(IMethodSymbol method) =>
        $"{method.ContainingType.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat)}.{method.Name}";
}
