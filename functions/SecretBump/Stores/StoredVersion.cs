namespace Ebb.SecretBump.Stores;

/// <summary>A version of a secret.</summary>
/// <param name="Id">As the store counts: <c>7</c> in Vault, 32 hexadecimal digits in Key Vault.</param>
/// <param name="Created">When it was written. Key Vault tells whole seconds.</param>
/// <param name="State">Whether it can be read.</param>
/// <param name="Note">Who wrote it; null when that is not recorded, as for what people write by hand.</param>
public sealed record StoredVersion(string Id, DateTimeOffset Created, VersionState State, VersionNote? Note);
