using Ebb.Worker.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Ebb.Worker.Generators.Reading;

/// <summary>Reads where a function's return value, or properties of it, go.</summary>
internal static class OutputReader
{
    /// <summary>The outputs, without those of which something is wrong; that is reported then.</summary>
    public static EquatableArray<OutputModel> Read(FunctionMethod method, TriggerModel? trigger, ReturnReader? returned)
    {
        var outputs = new List<OutputModel>();
        foreach (var attribute in method.Symbol.GetAttributes().Where(one => one.DerivesFrom(KnownNames.OutputBinding)))
        {
            outputs.AddRange(OfMethod(method, attribute, trigger, returned, outputs.Count));
        }

        foreach (var (property, attribute) in returned?.Properties ?? [])
        {
            if (attribute.AttributeClass!.Qualified() != KnownNames.HttpResultOutput && Queue(method, attribute) is { } queue)
            {
                outputs.Add(new(property.Name, IsBroker(attribute), queue));
            }
        }

        return new(outputs);
    }

    private static IEnumerable<OutputModel> OfMethod(
        FunctionMethod method, AttributeData attribute, TriggerModel? trigger, ReturnReader? returned, int others)
    {
        if (attribute.AttributeClass!.Qualified() is not (KnownNames.QueueOutput or KnownNames.RabbitMQOutput))
        {
            method.Report(Diagnostics.Binding, FunctionMethod.ArgumentOf(attribute, int.MaxValue), method.Name, attribute.Written());
            yield break;
        }

        if (Queue(method, attribute) is not { } queue)
        {
            yield break;
        }

        var wrong = (trigger, returned?.Kind) switch
        {
            (TriggerModel.Http, _) => "answers a request, and its return value is that answer",
            (_, ReturnKind.Nothing) => "returns nothing",
            (_, ReturnKind.Parts) => "returns an object whose properties are outputs",
            _ when others > 0 => "has another output for the same value; return an object with a property for each",
            _ => null,
        };
        if (wrong is null)
        {
            yield return new(OutputModel.ReturnValue, IsBroker(attribute), queue);
        }
        else
        {
            method.Report(Diagnostics.Output, FunctionMethod.ArgumentOf(attribute, int.MaxValue), method.Name, wrong, attribute.Written());
        }
    }

    private static bool IsBroker(AttributeData attribute) => attribute.AttributeClass!.Qualified() == KnownNames.RabbitMQOutput;

    private static string? Queue(FunctionMethod method, AttributeData attribute) =>
        IsBroker(attribute) ? QueueNames.ReadBroker(method, attribute) : QueueNames.ReadHost(method, attribute);
}
