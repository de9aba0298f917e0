using Ebb.SecretBump.Deciding;
using Ebb.Worker;

namespace Ebb.SecretBump.Changes;

/// <summary>A change in one environment that cannot be made, in the report's words.</summary>
public sealed class ChangeException(FailureKind kind, string fault, string cause, string remedy, Exception? inner = null) : Exception($"{cause.TrimEnd('.')}. {remedy}", inner)
{
    /// <summary>Whose turn it is.</summary>
    public FailureKind Kind => kind;

    /// <summary>One word for programs.</summary>
    public string Fault => fault;

    /// <summary>Why, without a full stop at its end.</summary>
    public string Cause { get; } = cause.TrimEnd('.');

    /// <summary>What to do.</summary>
    public string Remedy => remedy;

    internal static ChangeException Of(Verdict.Refuse refusal) => new(refusal.Kind, refusal.Fault, refusal.Cause, refusal.Remedy);
}
