namespace Ebb.EtcdBackup.Backups;

/// <summary>A snapshot that passed whole.</summary>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its SHA-256, in lower-case hexadecimal.</param>
internal sealed record TransferResult(long Bytes, string Sha256);
