namespace Ebb.EndToEnd.Tests.Scaling.Journal;

/// <summary>One execution of a counted function; times are of the machine's monotonic clock.</summary>
/// <param name="Start">When it began.</param>
/// <param name="End">When it ended or was cancelled; null when its process ended first.</param>
/// <param name="Completed">False when it was cancelled or its process ended first.</param>
/// <param name="RunId">Its run.</param>
/// <param name="Key">Its sequence key, or what the function noted.</param>
/// <param name="Number">The work's number.</param>
/// <param name="ProcessId">Whose it was.</param>
internal sealed record Execution(long Start, long? End, bool Completed, string RunId, string Key, int Number, int ProcessId);
