namespace Ebb.PrPreview.Cluster;

/// <summary>What Argo CD says of an Application, seen from the commit that is wanted.</summary>
internal sealed record ApplicationVerdict
{
    /// <summary>It is in sync with what was asked for, and healthy.</summary>
    public bool IsReady { get; init; }

    /// <summary>What is in the way, or what it waits for; null where Argo CD says none.</summary>
    public string? Cause { get; init; }

    /// <summary>Trying again cannot help: what is asked for is forbidden or invalid.</summary>
    public bool IsFinal { get; init; }

    /// <summary>A sync that failed is being tried again right now, and says nothing until it fails again: the cause is still the one before.</summary>
    public bool IsTriedAgain { get; init; }

    /// <summary>A sync of something older runs; what is wanted is not taken before that has ended.</summary>
    public bool WaitsForOlderSync { get; init; }
}
