using Ebb.Worker.Generators.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Ebb.Worker.Generators.Reading;

/// <summary>Reads how a function's class is made and its method called.</summary>
internal sealed record InstanceReader(string Type, string Method, EquatableArray<string>? Services, Disposal Disposal)
{
    /// <summary>Null when it cannot be called; it is reported then.</summary>
    public static InstanceReader? Read(FunctionMethod method)
    {
        var symbol = method.Symbol;
        var type = symbol.ContainingType;
        var error = CallError(symbol) ?? TypeErrors(type).FirstOrDefault();
        EquatableArray<string>? services = null;
        if (error is null && !symbol.IsStatic)
        {
            (services, error) = Constructor(type);
        }

        if (error is not null)
        {
            method.Report(Diagnostics.Callable, null, method.Name, error);
            return null;
        }

        return new(type.Qualified(), Escaped(symbol.Name), services, symbol.IsStatic ? Disposal.None : DisposalOf(type));
    }

    private static string? CallError(IMethodSymbol method) => method switch
    {
        { DeclaredAccessibility: not Accessibility.Public } => "the method is not public. Make it public.",
        { IsGenericMethod: true } => "the method is generic, and nothing says of which types. Make it an ordinary method.",
        { IsAbstract: true } => "the method is abstract. Put [Function] on the method that does the work.",
        _ => null,
    };

    private static IEnumerable<string> TypeErrors(INamedTypeSymbol type)
    {
        for (var outer = type; outer is not null; outer = outer.ContainingType)
        {
            if (outer.DeclaredAccessibility is not Accessibility.Public)
            {
                yield return $"'{outer.Shown()}' is not public. Make it public.";
            }

            if (outer.IsGenericType)
            {
                yield return $"'{outer.Shown()}' is generic, and nothing says of which types. Make it an ordinary class.";
            }
        }

        if (type.TypeKind is not (TypeKind.Class or TypeKind.Struct))
        {
            yield return $"'{type.Shown()}' is neither a class nor a struct. Put [Function] on the method that does the work.";
        }
    }

    private static (EquatableArray<string>? Services, string? Error) Constructor(INamedTypeSymbol type)
    {
        if (type.IsAbstract)
        {
            return (null, $"'{type.Shown()}' is abstract. Make it a sealed class.");
        }

        if (type.GetMembers().Any(member => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true }))
        {
            return (null, $"'{type.Shown()}' has required members, and nothing says their values. Take them in the constructor.");
        }

        var constructors = type.InstanceConstructors.Where(IsUsable).ToArray();
        if (constructors.Length != 1)
        {
            return (null, $"'{type.Shown()}' has {(constructors.Length == 0 ? "no public constructor" : $"{constructors.Length} public constructors")}. Keep exactly one.");
        }

        var unusable = constructors[0].Parameters.FirstOrDefault(parameter => parameter.RefKind is not RefKind.None || parameter.Type.IsRefLikeType);
        return unusable is null
            ? (new(constructors[0].Parameters.Select(parameter => parameter.Type.Qualified())), null)
            : (null, $"the constructor's parameter '{unusable.Name}' is passed by reference. Take services by value.");
    }

    // A struct's parameterless constructor counts only when somebody wrote it; a record's copy constructor never does.
    private static bool IsUsable(IMethodSymbol constructor) =>
        constructor.DeclaredAccessibility is Accessibility.Public
        && !(constructor.IsImplicitlyDeclared && constructor.ContainingType.IsValueType && constructor.ContainingType.InstanceConstructors.Length > 1)
        && !(constructor.IsImplicitlyDeclared && constructor.Parameters.Length == 1 && SymbolEqualityComparer.Default.Equals(constructor.Parameters[0].Type, constructor.ContainingType));

    private static Disposal DisposalOf(INamedTypeSymbol type) =>
        type.Implements(KnownNames.AsyncDisposable) ? Disposal.Asynchronous
        : type.Implements(KnownNames.Disposable) ? Disposal.Synchronous
        : Disposal.None;

    internal static string Escaped(string name) =>
        SyntaxFacts.GetKeywordKind(name) is SyntaxKind.None ? name : $"@{name}";
}
