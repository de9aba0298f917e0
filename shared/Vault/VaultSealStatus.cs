namespace Ebb.Vault;

/// <summary>Whether a server is sealed, and how far unsealing has come (Vault API, /sys/seal-status).</summary>
/// <param name="Initialized">It has keys.</param>
/// <param name="Sealed">It needs key shares.</param>
/// <param name="Threshold">How many shares it takes.</param>
/// <param name="Shares">How many shares there are.</param>
/// <param name="Progress">How many of the threshold it has been given.</param>
/// <param name="Kind">The seal: <c>shamir</c>, or another that unseals by itself.</param>
/// <param name="Version">The server's version.</param>
public sealed record VaultSealStatus(bool Initialized, bool Sealed, int Threshold, int Shares, int Progress, string Kind, string Version);
