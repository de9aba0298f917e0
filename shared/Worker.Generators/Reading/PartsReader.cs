using Ebb.Worker.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Ebb.Worker.Generators.Reading;

/// <summary>Reads an object whose properties are outputs, as Azure Functions has several outputs.</summary>
internal static class PartsReader
{
    /// <summary>The properties with an output attribute, of the type and those it derives from.</summary>
    public static IEnumerable<(IPropertySymbol Property, AttributeData Output)> OutputsOf(INamedTypeSymbol type) =>
        PropertiesOf(type).SelectMany(property => property.GetAttributes()
            .Where(attribute => attribute.DerivesFrom(KnownNames.OutputBinding)).Select(attribute => (property, attribute)));

    /// <summary>Null when something is wrong; it is reported then.</summary>
    public static ReturnReader? Read(
        FunctionMethod method, INamedTypeSymbol type, List<(IPropertySymbol Property, AttributeData Output)> outputs, TriggerModel? trigger, bool isAwaited)
    {
        if (type.TypeKind is not TypeKind.Class || Problem(method, outputs) is not null)
        {
            return type.TypeKind is TypeKind.Class ? null : ReturnReader.Wrong(method, type, "Make the type whose properties are outputs a class");
        }

        var answers = PropertiesOf(type).Where(property => property.Type.IsAnswer()).ToList();
        switch (trigger)
        {
            case TriggerModel.Http when answers.Count != 1:
                return ReturnReader.Wrong(method, type, $"An HTTP function answers once, and this has {answers.Count} properties of IResult; keep one");
            case not (null or TriggerModel.Http) when answers.Count > 0:
                return ReturnReader.Wrong(method, type, "Only an HTTP function answers with an IResult; take that property away");
        }

        var sent = outputs.Where(output => output.Output.AttributeClass!.Qualified() != KnownNames.HttpResultOutput).Select(output => output.Property).ToList();
        return new(ReturnKind.Parts, isAwaited, type.Qualified(), [.. sent.Select(property => ReturnReader.Place(method, Element(property.Type) ?? property.Type))])
        {
            Properties = outputs,
            Parts = new(answers.Select(answer => new PartModel(Escaped(answer), null, answer.Type.Qualified(), IsEach: false)).Concat(sent.Select(Part))),
        };
    }

    private static string? Problem(FunctionMethod method, List<(IPropertySymbol Property, AttributeData Output)> outputs)
    {
        string? found = null;
        foreach (var (property, output) in outputs)
        {
            var name = output.AttributeClass!.Qualified();
            if (name is not (KnownNames.QueueOutput or KnownNames.RabbitMQOutput or KnownNames.HttpResultOutput))
            {
                method.Report(Diagnostics.Binding, null, method.Name, found = output.Written());
            }
            else if (property.DeclaredAccessibility is not Accessibility.Public || property.GetMethod is not { DeclaredAccessibility: Accessibility.Public })
            {
                method.Report(Diagnostics.Output, null, method.Name, $"is on the property '{found = property.Name}', which cannot be read from outside", output.Written());
            }
            else if (name == KnownNames.HttpResultOutput && !property.Type.IsAnswer())
            {
                method.Report(Diagnostics.Output, null, method.Name, $"is on the property '{found = property.Name}', which is no IResult", output.Written());
            }
        }

        return found;
    }

    private static PartModel Part(IPropertySymbol property) =>
        new(Escaped(property), property.Name, (Element(property.Type) ?? property.Type).Qualified(), Element(property.Type) is not null);

    private static ITypeSymbol? Element(ITypeSymbol type) =>
        type is IArrayTypeSymbol { Rank: 1, ElementType: { SpecialType: not SpecialType.System_Byte } element } ? element : null;

    private static IEnumerable<IPropertySymbol> PropertiesOf(INamedTypeSymbol type)
    {
        for (var owner = type; owner is not null; owner = owner.BaseType)
        {
            foreach (var property in owner.GetMembers().OfType<IPropertySymbol>().Where(property => !property.IsStatic && !property.IsIndexer))
            {
                yield return property;
            }
        }
    }

    private static string Escaped(IPropertySymbol property) => InstanceReader.Escaped(property.Name);
}
