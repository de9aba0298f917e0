using Ebb.Benchmarks.Processes;

namespace Ebb.Benchmarks.Mirror;

/// <summary>A way to bring the list from one registry into another.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Command">The command for a source, a target and a directory of its own that lives for both runs.</param>
internal sealed record Contender(string Name, Func<string, string, string, Command> Command);
