namespace Ebb.SecretBump.Unsealing;

/// <summary>What became of a member.</summary>
/// <param name="Address">The member.</param>
/// <param name="State">What became of it.</param>
/// <param name="Detail">Why, and what to do; null when there is nothing to say.</param>
public sealed record MemberReport(string Address, MemberState State, string? Detail)
{
    internal bool IsFailure => State is MemberState.Sealed or MemberState.Unreachable;
}
