namespace Ebb.TestServers.Kubernetes.Controllers;

/// <summary>Why External Secrets could not sync, as its condition says it.</summary>
internal sealed class SyncFailure(string message) : Exception(message);
