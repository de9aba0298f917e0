using Ebb.Schedules;
using Ebb.Worker.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Ebb.Worker.Generators.Reading;

/// <summary>Reads the retry attributes of a function.</summary>
internal static class RetryReader
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    public static RetryModel? Read(FunctionMethod method)
    {
        var attributes = method.Symbol.GetAttributes()
            .Where(attribute => attribute.AttributeClass?.Qualified() is KnownNames.FixedDelayRetry or KnownNames.ExponentialBackoffRetry or KnownNames.MessageRetry)
            .ToArray();
        if (attributes.Length == 0)
        {
            return null;
        }

        if (attributes.Length > 1)
        {
            method.Report(Diagnostics.Retry, FunctionMethod.ArgumentOf(attributes[1], int.MaxValue), method.Name, "it has two of them. Keep one.");
            return null;
        }

        return Read(method, attributes[0]);
    }

    private static RetryModel? Read(FunctionMethod method, AttributeData attribute)
    {
        var arguments = attribute.ConstructorArguments;
        if (arguments.Length < 2)
        {
            return null;
        }

        var count = arguments[0].Value as int? ?? 0;
        if (count < -1)
        {
            method.Report(Diagnostics.Retry, FunctionMethod.ArgumentOf(attribute, 0), method.Name, $"{count} is no number of retries. Write 0 or more, or -1 for retries without end.");
        }

        var minimum = Interval(method, attribute, 1);
        var maximum = arguments.Length > 2 ? Interval(method, attribute, 2) : minimum;
        if (minimum > maximum)
        {
            method.Report(Diagnostics.Retry, FunctionMethod.ArgumentOf(attribute, 2), method.Name, $"the longest delay, {maximum}, is shorter than the first, {minimum}. Swap them.");
        }

        return minimum is { } first && maximum is { } longest ? new(count, first, longest) : null;
    }

    private static TimeSpan? Interval(FunctionMethod method, AttributeData attribute, int index)
    {
        var text = attribute.ConstructorArguments[index].Value as string;
        if (DurationText.TryParse(text, out var interval) && interval <= Longest)
        {
            return interval;
        }

        method.Report(Diagnostics.Retry, FunctionMethod.ArgumentOf(attribute, index), method.Name, $"'{text}' is no delay. Write {DurationText.Form}, at most seven days.");
        return null;
    }
}
