using Microsoft.CodeAnalysis;

namespace Ebb.Worker.Generators.Reading;

/// <summary>Reads what a timer does about missed occurrences.</summary>
internal static class CatchUpReader
{
    private const int Last = 1;
    private const int All = 2;
    private const int DefaultLimit = 10;
    private const int MaxLimit = 1000;

    private static readonly string[] Policies = ["None", "Last", "All"];

    /// <summary>Null when something is wrong; it is reported then.</summary>
    public static (string Policy, int Limit)? Read(FunctionMethod method, AttributeData trigger)
    {
        if (method.Symbol.Attribute(KnownNames.CatchUp) is not { } attribute)
        {
            return (Policies[Last], DefaultLimit);
        }

        var policy = attribute.ConstructorArguments.FirstOrDefault().Value as int? ?? Last;
        var limit = TriggerReader.Named(attribute, "Limit") as int? ?? DefaultLimit;
        var isMonitored = TriggerReader.Named(trigger, "UseMonitor") as bool? ?? true;
        var error = policy is < 0 or > All ? $"{policy} is no policy; write CatchUp.None, CatchUp.Last or CatchUp.All."
            : limit is < 1 or > MaxLimit ? $"Limit is {limit}; write 1 to {MaxLimit}."
            : policy == All && !isMonitored ? "UseMonitor = false means that nothing is caught up; take it away, or [CatchUp]."
            : null;
        if (error is not null)
        {
            method.Report(Diagnostics.CatchUp, FunctionMethod.ArgumentOf(attribute, int.MaxValue), method.Name, error);
            return null;
        }

        return (Policies[policy], limit);
    }
}
