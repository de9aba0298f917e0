using Ebb.Worker.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Ebb.Worker.Generators.Reading;

/// <summary>Finds the types that a <c>JsonSerializerContext</c> declares, here and in the references.</summary>
internal static class JsonTypes
{
    private const string SerializerAssembly = "System.Text.Json";

    /// <summary>The types that one context of this compilation declares.</summary>
    public static EquatableArray<string> Declared(GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return context.TargetSymbol is INamedTypeSymbol type && IsContext(type) ? new(context.Attributes.Select(TypeOf).OfType<string>()) : default;
    }

    /// <summary>The types that contexts of the references declare. Assemblies of the framework are not looked into.</summary>
    public static EquatableArray<string> Referenced(Compilation compilation, CancellationToken cancellationToken)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var assembly in compilation.SourceModule.ReferencedAssemblySymbols.Where(MayDeclare))
        {
            cancellationToken.ThrowIfCancellationRequested();
            found.UnionWith(TypesOf(assembly.GlobalNamespace).Where(IsContext).SelectMany(Attributes).Select(TypeOf).OfType<string>());
        }

        return new(found);
    }

    private static bool MayDeclare(IAssemblySymbol assembly) =>
        !assembly.Name.StartsWith("System.", StringComparison.Ordinal)
        && !assembly.Name.StartsWith("Microsoft.", StringComparison.Ordinal)
        && assembly.Modules.Any(module => module.ReferencedAssemblies.Any(reference => reference.Name == SerializerAssembly));

    // Contexts may be nested types; what the user of another assembly can reach is public.
    private static IEnumerable<INamedTypeSymbol> TypesOf(INamespaceOrTypeSymbol container)
    {
        foreach (var member in container.GetMembers().OfType<INamespaceOrTypeSymbol>())
        {
            if (member is INamedTypeSymbol { DeclaredAccessibility: Accessibility.Public } type)
            {
                yield return type;
            }
            else if (member is not INamespaceSymbol)
            {
                continue;
            }

            foreach (var nested in TypesOf(member))
            {
                yield return nested;
            }
        }
    }

    private static IEnumerable<AttributeData> Attributes(INamedTypeSymbol context) =>
        context.GetAttributes().Where(attribute => attribute.AttributeClass?.ToDisplayString() == KnownNames.JsonSerializable);

    private static bool IsContext(INamedTypeSymbol type) => type.BaseType?.Qualified() == KnownNames.JsonSerializerContext;

    private static string? TypeOf(AttributeData attribute) =>
        (attribute.ConstructorArguments.FirstOrDefault().Value as ITypeSymbol)?.Qualified();
}
