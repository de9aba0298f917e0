namespace Ebb.ObjectStore;

/// <summary>What was found about one capability.</summary>
/// <param name="Capability">What was tried.</param>
/// <param name="Support">What came out.</param>
/// <param name="Message">Null when it works; else what was seen and what to do, for people.</param>
public sealed record ProbeFinding(StoreCapability Capability, ProbeSupport Support, string? Message = null);
