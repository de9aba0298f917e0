using Ebb.Worker.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Ebb.Worker.Generators.Reading;

/// <summary>Reads where a function's return value goes.</summary>
internal static class OutputReader
{
    /// <summary>Null without an output, and when something about it is wrong; it is reported then.</summary>
    public static OutputModel? Read(FunctionMethod method, TriggerModel? trigger, ReturnReader? returned)
    {
        var attribute = method.Symbol.GetAttributes().FirstOrDefault(one => one.AttributeClass?.Qualified() == KnownNames.RabbitMQOutput);
        if (attribute is null || BrokerQueue.Read(method, attribute) is not { } queue)
        {
            return null;
        }

        var wrong = (trigger, returned?.Kind) switch
        {
            (TriggerModel.Http, _) => "answers a request, and its return value is that answer",
            (_, ReturnKind.Nothing) => "returns nothing",
            _ => null,
        };
        if (wrong is null)
        {
            return new(queue);
        }

        method.Report(Diagnostics.Output, FunctionMethod.ArgumentOf(attribute, int.MaxValue), method.Name, wrong);
        return null;
    }
}
