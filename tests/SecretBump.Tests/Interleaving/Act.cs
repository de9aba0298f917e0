using Ebb.Contracts.Secrets;

namespace Ebb.SecretBump.Tests.Interleaving;

/// <summary>A change that is accepted, and what happens to the workers that make it.</summary>
internal sealed record Act
{
    public required bool IsRollback { get; init; }

    public required string Tag { get; init; }

    public required IReadOnlyList<string> Environments { get; init; }

    /// <summary>What becomes of the first worker, the second and so on; those after the last stay well.</summary>
    public required IReadOnlyList<Fate> Fates { get; init; }

    /// <summary>When a worker that stood still goes on: how many changes of its line later.</summary>
    public required int ResumeAfter { get; init; }

    /// <summary>When the message is delivered a second time: how many changes of its line later; null: not at all.</summary>
    public required int? AgainAfter { get; init; }

    public SecretChange For(string application) => IsRollback
        ? new RollbackRequest { Application = application, Environment = Environments[0], To = Tag, Pin = false }
        : new BumpRequest { Application = application, NewTag = Tag, Environments = Environments };

    public override string ToString() =>
        $"{(IsRollback ? "rollback" : "bump")} {Tag} of {string.Join('+', Environments)} [{string.Join(' ', Fates)}; goes on after {ResumeAfter}; again after {AgainAfter}]";
}
