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

    /// <summary>The environment that it is about, under its key; there is none in a dry run.</summary>
    public HeldEnvironment Held { get => field ?? throw new InvalidOperationException("A dry run holds no environment."); init; }

    public StepLog StepsFor(object place) => new($"{place}", Progress, Time);
}
