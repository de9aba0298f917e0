using System.Text;
using Ebb.Schedules;
using Microsoft.CodeAnalysis;

namespace Ebb.Worker.Generators.Reading;

/// <summary>Reads the queues that attributes name. Null when it is no queue name; it is reported then.</summary>
internal static class QueueNames
{
    private const int MaxHostLength = 128;

    // AMQP 0-9-1 allows 255 bytes; poison and delay queues need a suffix.
    private const int MaxBrokerBytes = 220;

    /// <summary>A queue of host storage.</summary>
    public static string? ReadHost(FunctionMethod method, AttributeData attribute) => Read(
        method, attribute, Diagnostics.Queue, static queue => queue.Length is > 0 and <= MaxHostLength
            && queue.All(c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '_' or '.'));

    /// <summary>A queue of RabbitMQ.</summary>
    public static string? ReadBroker(FunctionMethod method, AttributeData attribute) => Read(
        method, attribute, Diagnostics.BrokerQueue, static queue => queue.Length > 0 && Encoding.UTF8.GetByteCount(queue) <= MaxBrokerBytes
            && !queue.Any(char.IsControl) && !queue.StartsWith("amq.", StringComparison.Ordinal));

    private static string? Read(FunctionMethod method, AttributeData attribute, DiagnosticDescriptor wrong, Func<string, bool> isName)
    {
        var queue = attribute.ConstructorArguments.FirstOrDefault().Value as string ?? string.Empty;
        if (ScheduleExpression.IsSetting(queue) || isName(queue))
        {
            return queue;
        }

        method.Report(wrong, FunctionMethod.ArgumentOf(attribute, 0), queue, method.Name);
        return null;
    }
}
