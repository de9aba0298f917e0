using Ebb.Worker.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Ebb.Worker.Generators.Reading;

/// <summary>Reads what a function returns.</summary>
internal sealed record ReturnReader(ReturnKind Kind, bool IsAwaited, NamedPlace? Value)
{
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

        var isHttp = value?.Implements(KnownNames.HttpResult) == true;
        return (trigger, isHttp) switch
        {
            (TriggerModel.Http, true) when value!.NullableAnnotation is NullableAnnotation.Annotated => Wrong(method, type, "An HTTP function always answers; return an IResult that is not null"),
            (_, true) when trigger is not (null or TriggerModel.Http) => Wrong(method, type, "Only an HTTP function answers with an IResult; return a value, which becomes the run's result"),
            (TriggerModel.Http, false) => Wrong(method, type, "An HTTP function returns an IResult or a task of one"),
            (_, true) => new(ReturnKind.Http, isAwaited, null),
            _ when value is null => new(ReturnKind.Nothing, isAwaited, null),
            _ => new(ReturnKind.Value, isAwaited, new(value.Qualified(), method.Name, SourceLocation.From(method.Syntax.ReturnType.GetLocation()))),
        };
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

    private static ReturnReader? Wrong(FunctionMethod method, ITypeSymbol type, string remedy)
    {
        method.Report(Diagnostics.Return, method.Syntax.ReturnType.GetLocation(), method.Name, type.Shown(), remedy);
        return null;
    }
}
