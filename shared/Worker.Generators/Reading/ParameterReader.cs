using Ebb.Worker.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Ebb.Worker.Generators.Reading;

/// <summary>Reads the parameters of a function: one trigger, and what can be bound besides.</summary>
internal sealed record ParameterReader(TriggerModel Trigger, EquatableArray<string> Arguments, NamedPlace? Message)
{
    /// <summary>Null when something is wrong; it is reported then.</summary>
    public static ParameterReader? Read(FunctionMethod method)
    {
        var triggers = method.Symbol.Parameters
            .SelectMany(parameter => parameter.GetAttributes().Select(attribute => (Parameter: parameter, Attribute: attribute)))
            .Where(pair => pair.Attribute.AttributeClass?.Qualified() is KnownNames.HttpTrigger or KnownNames.TimerTrigger or KnownNames.QueueTrigger or KnownNames.RabbitMQTrigger)
            .ToArray();
        if (triggers.Length != 1)
        {
            method.Report(Diagnostics.Trigger, null, method.Name, triggers.Length == 0 ? "no" : $"{triggers.Length}");
            return null;
        }

        var (triggered, attribute) = triggers[0];
        var trigger = TriggerReader.Read(method, attribute);
        NamedPlace? message = null;
        var arguments = new List<string>();
        foreach (var parameter in method.Symbol.Parameters)
        {
            var isTrigger = SymbolEqualityComparer.Default.Equals(parameter, triggered);
            if (parameter.RefKind is not RefKind.None || parameter.IsParams)
            {
                method.Report(Diagnostics.Parameter, LocationOf(parameter), parameter.Name, method.Name);
            }
            else if (isTrigger)
            {
                arguments.Add(TriggerArgument(method, parameter, attribute, ref message));
            }
            else
            {
                arguments.Add(OtherArgument(method, parameter));
            }
        }

        return trigger is null || arguments.Contains(string.Empty) ? null : new(trigger, new(arguments), message);
    }

    private static string TriggerArgument(FunctionMethod method, IParameterSymbol parameter, AttributeData attribute, ref NamedPlace? message)
    {
        var type = parameter.Type.Qualified();
        switch (attribute.AttributeClass!.Qualified())
        {
            case var _ when parameter.Type.TypeKind is TypeKind.Error:
                return string.Empty; // The compiler says so itself.
            case KnownNames.HttpTrigger when type == KnownNames.HttpRequest:
                return "global::Ebb.Worker.FunctionBinding.Http(context)";
            case KnownNames.HttpTrigger:
                return Wrong(method, parameter, "HttpTrigger", "an HttpRequest");
            case KnownNames.TimerTrigger when type == KnownNames.TimerInfo:
                return "global::Ebb.Worker.FunctionBinding.Timer(context)";
            case KnownNames.TimerTrigger:
                return Wrong(method, parameter, "TimerTrigger", "a TimerInfo");
            case KnownNames.QueueTrigger or KnownNames.RabbitMQTrigger when parameter.Type.SpecialType is SpecialType.System_String:
                return "global::Ebb.Worker.FunctionBinding.Text(context)";
            case KnownNames.QueueTrigger or KnownNames.RabbitMQTrigger when IsMessage(parameter.Type):
                message = new(type, method.Name, SourceLocation.From(LocationOf(parameter)));
                return $"global::Ebb.Worker.FunctionBinding.Message<{type}>(context)";
            case var trigger:
                return Wrong(method, parameter, trigger == KnownNames.RabbitMQTrigger ? "RabbitMQTrigger" : "QueueTrigger", "a string or a class, record or struct that is read from JSON");
        }
    }

    private static bool IsMessage(ITypeSymbol type) =>
        type is INamedTypeSymbol { IsRefLikeType: false, TypeKind: TypeKind.Class or TypeKind.Struct } named
        && named.SpecialType is SpecialType.None && named.Qualified() is not (KnownNames.FunctionContext or KnownNames.CancellationToken);

    private static string Wrong(FunctionMethod method, IParameterSymbol parameter, string trigger, string brings)
    {
        method.Report(Diagnostics.TriggerParameter, LocationOf(parameter), parameter.Name, method.Name, parameter.Type.Shown(), trigger, brings);
        return string.Empty;
    }

    private static string OtherArgument(FunctionMethod method, IParameterSymbol parameter)
    {
        switch (parameter.Type.Qualified())
        {
            case KnownNames.FunctionContext:
                return "context";
            case KnownNames.CancellationToken:
                return "context.CancellationToken";
            default:
                method.Report(Diagnostics.Parameter, LocationOf(parameter), parameter.Name, method.Name);
                return string.Empty;
        }
    }

    private static Location? LocationOf(IParameterSymbol parameter) => parameter.Locations.FirstOrDefault();
}
