using Ebb.EtcdBackup.Snapshots;

namespace Ebb.EtcdBackup.Backups;

/// <summary>A snapshot that is stored, with its sidecar.</summary>
/// <param name="Sidecar">What is known of it.</param>
/// <param name="ReadBack">How long reading it back took.</param>
internal sealed record TakenSnapshot(Sidecar Sidecar, TimeSpan ReadBack);
