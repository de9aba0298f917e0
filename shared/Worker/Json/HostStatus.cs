namespace Ebb.Worker.Json;

/// <summary>The host's state, as Azure Functions shows it; <c>processUptime</c> in milliseconds.</summary>
internal sealed record HostStatus(
    string Id, string State, string Version, string InstanceId, long ProcessUptime, IReadOnlyList<string> Errors);

/// <summary>How far a drain has come: <c>Disabled</c>, <c>InProgress</c> or <c>Completed</c>.</summary>
internal sealed record DrainStatus(string State, int OutstandingInvocations, int OutstandingRetries);
