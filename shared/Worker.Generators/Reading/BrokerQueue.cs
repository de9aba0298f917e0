using System.Text;
using Ebb.Schedules;
using Microsoft.CodeAnalysis;

namespace Ebb.Worker.Generators.Reading;

/// <summary>Reads the RabbitMQ queue that an attribute names.</summary>
internal static class BrokerQueue
{
    // AMQP 0-9-1 allows 255 bytes; poison and delay queues need a suffix.
    private const int MaxBytes = 220;

    /// <summary>Null when it is no queue name; it is reported then.</summary>
    public static string? Read(FunctionMethod method, AttributeData attribute)
    {
        var queue = attribute.ConstructorArguments.FirstOrDefault().Value as string ?? string.Empty;
        if (ScheduleExpression.IsSetting(queue)
            || (queue.Length > 0 && Encoding.UTF8.GetByteCount(queue) <= MaxBytes && !queue.Any(char.IsControl)
                && !queue.StartsWith("amq.", StringComparison.Ordinal)))
        {
            return queue;
        }

        method.Report(Diagnostics.BrokerQueue, FunctionMethod.ArgumentOf(attribute, 0), queue, method.Name);
        return null;
    }
}
