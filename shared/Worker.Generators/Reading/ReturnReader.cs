using Ebb.Worker.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Ebb.Worker.Generators.Reading;

/// <summary>Reads what a function returns.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="IsAwaited">Whether it comes in a task.</param>
/// <param name="Type">Its type, fully qualified; null for an answer and nothing.</param>
/// <param name="JsonTypes">The types in it that need JSON metadata.</param>
internal sealed record ReturnReader(ReturnKind Kind, bool IsAwaited, string? Type, IReadOnlyList<NamedPlace> JsonTypes)
{
    /// <summary>The properties that are outputs.</summary>
    public IReadOnlyList<(IPropertySymbol Property, AttributeData Output)> Properties { get; init; } = [];

    /// <summary>The same, as the index holds them.</summary>
    public EquatableArray<PartModel> Parts { get; init; }

    /// <summary>Null when it is not supported; it is reported then.</summary>
    public static ReturnReader? Read(FunctionMethod method, TriggerModel? trigger)
    {
        var type = method.Symbol.ReturnType;
        if (method.Symbol.ReturnsVoid && method.Symbol.IsAsync)
        {
            return Wrong(method, type, "An async void method cannot be awaited; return a Task");
        }

        if (method.Symbol.ReturnsByRef || method.Symbol.ReturnsByRefReadonly || type.IsRefLikeType || type.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer or TypeKind.Dynamic)
        {
            return Wrong(method, type, "Return a value that can be kept and written as JSON");
        }

        var (value, isAwaited) = Unwrap(type);
        if (value?.TypeKind is TypeKind.Error)
        {
            return null; // The compiler says so itself.
        }

        if (value is INamedTypeSymbol named && PartsReader.OutputsOf(named).ToList() is { Count: > 0 } outputs)
        {
            return PartsReader.Read(method, named, outputs, trigger, isAwaited);
        }

        var isHttp = value?.IsAnswer() == true;
        return (trigger, isHttp) switch
        {
            (TriggerModel.Http, true) when value!.NullableAnnotation is NullableAnnotation.Annotated => Wrong(method, type, "An HTTP function always answers; return an IResult that is not null"),
            (_, true) when trigger is not (null or TriggerModel.Http) => Wrong(method, type, "Only an HTTP function answers with an IResult; return a value, which becomes the run's result"),
            (TriggerModel.Http, false) => Wrong(method, type, "An HTTP function returns an IResult or a task of one, or an object with an IResult and outputs"),
            (_, true) => new(ReturnKind.Http, isAwaited, null, []),
            _ when value is null => new(ReturnKind.Nothing, isAwaited, null, []),
            _ => new(ReturnKind.Value, isAwaited, value.Qualified(), [Place(method, value)]),
        };
    }

    /// <summary>What is done with it, given the outputs.</summary>
    public ReturnKind KindWith(EquatableArray<OutputModel> outputs) =>
        Kind is not ReturnKind.Value || outputs.Count == 0 ? Kind
        : Type!.EndsWith("[]", StringComparison.Ordinal) && Type != "byte[]" ? ReturnKind.SentEach : ReturnKind.Sent;

    /// <summary>A type that needs JSON metadata, at the return type.</summary>
    public static NamedPlace Place(FunctionMethod method, ITypeSymbol type) =>
        new(type.Qualified(), method.Name, SourceLocation.From(method.Syntax.ReturnType.GetLocation()));

    /// <summary>Reports it.</summary>
    public static ReturnReader? Wrong(FunctionMethod method, ITypeSymbol type, string remedy)
    {
        method.Report(Diagnostics.Return, method.Syntax.ReturnType.GetLocation(), method.Name, type.Shown(), remedy);
        return null;
    }

    private static (ITypeSymbol? Value, bool IsAwaited) Unwrap(ITypeSymbol type)
    {
        if (type.SpecialType is SpecialType.System_Void)
        {
            return (null, false);
        }

        if (type.Qualified() is KnownNames.Task or KnownNames.ValueTask)
        {
            return (null, true);
        }

        return type is INamedTypeSymbol { IsGenericType: true, MetadataName: "Task`1" or "ValueTask`1" } task
            && task.ContainingNamespace.ToDisplayString() == "System.Threading.Tasks"
            ? (task.TypeArguments[0], true)
            : (type, false);
    }
}
