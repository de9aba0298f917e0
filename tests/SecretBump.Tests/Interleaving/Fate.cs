namespace Ebb.SecretBump.Tests.Interleaving;

/// <summary>What becomes of a worker at one of its requests.</summary>
/// <param name="Kind">What.</param>
/// <param name="At">At which request to Vault or the Kubernetes API, from 1.</param>
internal sealed record Fate(FateKind Kind, int At)
{
    public static Fate None { get; } = new(FateKind.None, 0);

    public override string ToString() => Kind == FateKind.None ? "-" : $"{Kind}@{At}";
}

internal enum FateKind
{
    None,

    /// <summary>It dies before the request is served.</summary>
    KilledBefore,

    /// <summary>It dies when the request was served, before it sees the answer.</summary>
    KilledAfter,

    /// <summary>It stands still before the request is served, as a paused machine does, and its leases lapse.</summary>
    StalledBefore,

    /// <summary>It stands still before it sees the answer.</summary>
    StalledAfter,
}
