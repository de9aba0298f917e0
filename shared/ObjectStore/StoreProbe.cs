namespace Ebb.ObjectStore;

/// <summary>What a store supports, as tried.</summary>
/// <param name="Findings">One for each capability, in the order they were tried.</param>
public sealed record StoreProbe(IReadOnlyList<ProbeFinding> Findings)
{
    /// <summary>True when objects can be stored, read, listed and deleted; the rest is optional.</summary>
    public bool IsUsable => Findings.All(finding => finding.Support != ProbeSupport.Missing || !IsRequired(finding.Capability));

    /// <summary>What was found about one capability.</summary>
    public ProbeFinding Of(StoreCapability capability) => Findings.Single(finding => finding.Capability == capability);

    private static bool IsRequired(StoreCapability capability) =>
        capability is StoreCapability.Write or StoreCapability.Read or StoreCapability.List or StoreCapability.Delete or StoreCapability.LargeObjects;
}
