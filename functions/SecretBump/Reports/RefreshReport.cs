namespace Ebb.SecretBump.Reports;

/// <summary>What a look at the store found.</summary>
/// <param name="Environments">How many environments were seen.</param>
/// <param name="Changed">In how many something was written past Ebb, or a version came or went.</param>
/// <param name="Problems">What could not be read, and why.</param>
public sealed record RefreshReport(int Environments, int Changed, IReadOnlyList<string> Problems);

/// <summary>A message that was put into the line of its application.</summary>
/// <param name="Run">The run that makes the change.</param>
public sealed record HandedOver(string Run);
