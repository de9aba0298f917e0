using Ebb.Schedules;
using Microsoft.CodeAnalysis;

namespace Ebb.Worker.Generators.Reading;

/// <summary>Reads the queue of host storage that an attribute names.</summary>
internal static class HostQueue
{
    private const int MaxLength = 128;

    /// <summary>Null when it is no queue name; it is reported then.</summary>
    public static string? Read(FunctionMethod method, AttributeData attribute)
    {
        var queue = attribute.ConstructorArguments.FirstOrDefault().Value as string ?? string.Empty;
        if (ScheduleExpression.IsSetting(queue)
            || (queue.Length is > 0 and <= MaxLength
                && queue.All(c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '_' or '.')))
        {
            return queue;
        }

        method.Report(Diagnostics.Queue, FunctionMethod.ArgumentOf(attribute, 0), queue, method.Name);
        return null;
    }
}
