using Ebb.Storage;

namespace Ebb.Worker.Json;

/// <summary>The answer to work that was accepted.</summary>
internal sealed record AcceptedRun(string Id, RunState State);
