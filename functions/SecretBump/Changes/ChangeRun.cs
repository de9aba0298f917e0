using Ebb.SecretBump.Reports;

namespace Ebb.SecretBump.Changes;

/// <summary>One run: who asks, and who watches.</summary>
/// <param name="Id">The run.</param>
/// <param name="By">Who asked: the name of a function key.</param>
/// <param name="Progress">Told where the run stands.</param>
/// <param name="Time">The clock.</param>
internal sealed record ChangeRun(string Id, string? By, Action<string> Progress, TimeProvider Time)
{
    /// <summary>Whether nothing is changed; such a run overtakes no other.</summary>
    public bool IsDry { get; init; }

    public StepLog StepsFor(object place) => new($"{place}", Progress, Time);
}
