namespace Ebb.SecretBump.Unsealing;

/// <summary>The result of a run. No share is in it.</summary>
/// <param name="Members">The members, in the order they are configured.</param>
public sealed record UnsealReport(IReadOnlyList<MemberReport> Members);
