namespace Ebb.Worker.Json;

/// <summary>What one function is doing.</summary>
internal sealed record FunctionStatus(string Name, IReadOnlyList<string> Errors, QueueView? Queue);
