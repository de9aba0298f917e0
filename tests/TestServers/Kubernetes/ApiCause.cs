namespace Ebb.TestServers.Kubernetes;

/// <summary>One cause in a Status' details.</summary>
public sealed record ApiCause(string Reason, string Message, string Field);
