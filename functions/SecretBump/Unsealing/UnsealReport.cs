namespace Ebb.SecretBump.Unsealing;

/// <summary>The result of a run. No share is in it.</summary>
/// <param name="Members">The members, in the order they are configured.</param>
/// <param name="Detail">Why nothing was looked at; null when something was.</param>
public sealed record UnsealReport(IReadOnlyList<MemberReport> Members, string? Detail);
