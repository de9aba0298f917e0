using System.Text.RegularExpressions;
using Ebb.Worker.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Ebb.Worker.Generators.Reading;

/// <summary>Reads the parameters of a function: one trigger, and what can be bound besides.</summary>
internal sealed record ParameterReader(
    TriggerModel Trigger, string TriggerParameter, EquatableArray<string> Arguments, EquatableArray<ParameterModel> Parameters, NamedPlace? Message)
{
    private static readonly Regex RouteParameter = new(@"\{\*{0,2}(?<name>[A-Za-z_][A-Za-z0-9_]*)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    // What RunBindings in shared/Worker says of a message.
    private static readonly string[] Metadata = ["QueueTrigger", "Id", "DequeueCount", "InsertionTime", "ExpirationTime", "NextVisibleTime", "PopReceipt"];

    /// <summary>Null when something is wrong; it is reported then.</summary>
    public static ParameterReader? Read(FunctionMethod method)
    {
        var bindings = method.Symbol.Parameters
            .SelectMany(parameter => parameter.GetAttributes().Select(attribute => (Parameter: parameter, Attribute: attribute)))
            .Where(pair => pair.Attribute.DerivesFrom(KnownNames.Binding))
            .ToLookup(pair => pair.Attribute.AttributeClass!.Qualified() is KnownNames.HttpTrigger or KnownNames.TimerTrigger or KnownNames.QueueTrigger or KnownNames.RabbitMQTrigger);
        foreach (var (_, unknown) in bindings[false])
        {
            method.Report(Diagnostics.Binding, FunctionMethod.ArgumentOf(unknown, int.MaxValue), method.Name, unknown.Written());
        }

        var triggers = bindings[true].ToArray();
        if (triggers.Length != 1)
        {
            if (triggers.Length > 1 || !bindings[false].Any())
            {
                method.Report(Diagnostics.Trigger, null, method.Name, triggers.Length == 0 ? "no" : $"{triggers.Length}");
            }

            return null;
        }

        var (triggered, attribute) = triggers[0];
        var trigger = TriggerReader.Read(method, attribute);
        var messages = new List<NamedPlace>();
        var arguments = method.Symbol.Parameters.Select(parameter => Argument(method, parameter, triggered, attribute, trigger, messages)).ToList();
        var parameters = method.Symbol.Parameters.Select(parameter => new ParameterModel(parameter.Name, parameter.Type.Qualified()));
        return trigger is null || arguments.Contains(string.Empty)
            ? null : new(trigger, triggered.Name, new(arguments), new(parameters), messages.FirstOrDefault());
    }

    private static string Argument(
        FunctionMethod method, IParameterSymbol parameter, IParameterSymbol triggered, AttributeData attribute, TriggerModel? trigger, List<NamedPlace> messages)
    {
        if (parameter.RefKind is not RefKind.None || parameter.IsParams)
        {
            return Unbound(method, parameter);
        }

        if (SymbolEqualityComparer.Default.Equals(parameter, triggered))
        {
            return TriggerArgument(method, parameter, attribute, messages);
        }

        return parameter.Type.Qualified() switch
        {
            KnownNames.FunctionContext => "context",
            KnownNames.CancellationToken => "context.CancellationToken",
            _ when IsBody(parameter) => BodyArgument(method, parameter, trigger, messages),
            _ when Names(trigger, method).Contains(parameter.Name, StringComparer.OrdinalIgnoreCase) => DataArgument(method, parameter),
            _ => Unbound(method, parameter),
        };
    }

    private static string TriggerArgument(FunctionMethod method, IParameterSymbol parameter, AttributeData attribute, List<NamedPlace> messages)
    {
        var type = parameter.Type.Qualified();
        switch (attribute.AttributeClass!.Qualified())
        {
            case var _ when parameter.Type.TypeKind is TypeKind.Error:
                return string.Empty; // The compiler says so itself.
            case KnownNames.HttpTrigger when type == KnownNames.HttpRequest:
                return Call("Http(context)");
            case KnownNames.HttpTrigger:
                return Wrong(method, parameter, "HttpTrigger", "an HttpRequest");
            case KnownNames.TimerTrigger when type == KnownNames.TimerInfo:
                return Call("Timer(context)");
            case KnownNames.TimerTrigger:
                return Wrong(method, parameter, "TimerTrigger", "a TimerInfo");
            case KnownNames.QueueTrigger when type == KnownNames.QueueMessage:
                return QueueMessage();
            case KnownNames.QueueTrigger or KnownNames.RabbitMQTrigger when Plain(parameter.Type) is { } plain:
                return plain;
            case KnownNames.QueueTrigger or KnownNames.RabbitMQTrigger when IsMessage(parameter.Type):
                messages.Add(new(type, method.Name, SourceLocation.From(LocationOf(parameter))));
                return Call($"Message<{type}>(context)");
            case var trigger:
                return Wrong(method, parameter, trigger == KnownNames.RabbitMQTrigger ? "RabbitMQTrigger" : "QueueTrigger",
                    "a string or a class, record or struct that is read from JSON, or bytes as byte[] or BinaryData");
        }
    }

    private static string? Plain(ITypeSymbol type) => type switch
    {
        { SpecialType: SpecialType.System_String } => Call("Text(context)"),
        IArrayTypeSymbol { Rank: 1, ElementType.SpecialType: SpecialType.System_Byte } => Call("Bytes(context)"),
        _ when type.Qualified() == KnownNames.BinaryData => $"{KnownNames.BinaryData}.FromBytes({Call("Bytes(context)")})",
        _ => null,
    };

    private static string BodyArgument(FunctionMethod method, IParameterSymbol parameter, TriggerModel? trigger, List<NamedPlace> messages)
    {
        var type = parameter.Type.Qualified();
        switch (parameter.Type)
        {
            case { TypeKind: TypeKind.Error }:
                return string.Empty; // The compiler says so itself.
            case var _ when trigger is not TriggerModel.Http:
                return Unbound(method, parameter);
            case { SpecialType: SpecialType.System_String }:
                return $"await {Call("BodyTextAsync(context)")}";
            case IArrayTypeSymbol { Rank: 1, ElementType.SpecialType: SpecialType.System_Byte }:
                return $"await {Call("BodyBytesAsync(context)")}";
            case var body when IsMessage(body):
                messages.Add(new(type, method.Name, SourceLocation.From(LocationOf(parameter))));
                return $"await {Call($"BodyAsync<{type}>(context)")}";
            default:
                return Wrong(method, parameter, "FromBody", "a string, a byte[] or a class, record or struct that is read from JSON");
        }
    }

    private static string DataArgument(FunctionMethod method, IParameterSymbol parameter)
    {
        var name = Writing.Literals.Text(parameter.Name);
        var type = parameter.Type.WithNullableAnnotation(NullableAnnotation.NotAnnotated);
        if (type.SpecialType is SpecialType.System_String)
        {
            return Call($"Data(context, {name})!");
        }

        var value = type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : null;
        return !IsData(value ?? type) ? Unbound(method, parameter)
            : value is null ? Call($"Data<{type.Qualified()}>(context, {name})")
            : Call($"DataOrNull<{value.Qualified()}>(context, {name})");
    }

    private static bool IsData(ITypeSymbol type) =>
        type.SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_Double or SpecialType.System_Boolean
        || type.Qualified() is "global::System.Guid" or "global::System.DateTimeOffset";

    private static IEnumerable<string> Names(TriggerModel? trigger, FunctionMethod method) => trigger switch
    {
        TriggerModel.Http http => RouteParameter.Matches(http.Route ?? method.Name).Cast<Match>().Select(match => match.Groups["name"].Value),
        TriggerModel.Queue or TriggerModel.RabbitMQ => Metadata,
        _ => [],
    };

    private static bool IsBody(IParameterSymbol parameter) =>
        parameter.Attribute(KnownNames.FromBody) is not null || parameter.Attribute(KnownNames.FromBodyOfMvc) is not null;

    private static bool IsMessage(ITypeSymbol type) =>
        type is INamedTypeSymbol { IsRefLikeType: false, TypeKind: TypeKind.Class or TypeKind.Struct } named
        && named.SpecialType is SpecialType.None
        && named.Qualified() is not (KnownNames.FunctionContext or KnownNames.CancellationToken or KnownNames.BinaryData or KnownNames.QueueMessage);

    private static string QueueMessage() =>
        "global::Azure.Storage.Queues.Models.QueuesModelFactory.QueueMessage("
        + $"{Call("Data(context, \"Id\")!")}, {Call("Data(context, \"PopReceipt\")!")}, {KnownNames.BinaryData}.FromBytes({Call("Bytes(context)")}), "
        + string.Join(", ", Call("Data<long>(context, \"DequeueCount\")"), Time("NextVisibleTime"), Time("InsertionTime"), Time("ExpirationTime")) + ")";

    private static string Time(string name) => Call($"Data<global::System.DateTimeOffset>(context, \"{name}\")");

    private static string Call(string call) => $"global::Ebb.Worker.FunctionBinding.{call}";

    private static string Wrong(FunctionMethod method, IParameterSymbol parameter, string trigger, string brings)
    {
        method.Report(Diagnostics.TriggerParameter, LocationOf(parameter), parameter.Name, method.Name, parameter.Type.Shown(), trigger, brings);
        return string.Empty;
    }

    private static string Unbound(FunctionMethod method, IParameterSymbol parameter)
    {
        method.Report(Diagnostics.Parameter, LocationOf(parameter), parameter.Name, method.Name);
        return string.Empty;
    }

    private static Location? LocationOf(IParameterSymbol parameter) => parameter.Locations.FirstOrDefault();
}
