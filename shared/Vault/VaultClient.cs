namespace Ebb.Vault;

/// <summary>A client of Vault or OpenBao.</summary>
public sealed class VaultClient
{
}
