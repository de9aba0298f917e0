namespace Ebb.Vault;

/// <summary>The state of a server (Vault API, /sys/health).</summary>
/// <param name="Initialized">It has keys.</param>
/// <param name="Sealed">It needs its unseal keys.</param>
/// <param name="Standby">Another server of the cluster is active.</param>
/// <param name="Version">Its version.</param>
public sealed record VaultHealth(bool Initialized, bool Sealed, bool Standby, string Version);
