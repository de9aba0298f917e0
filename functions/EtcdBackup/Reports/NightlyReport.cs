namespace Ebb.EtcdBackup.Reports;

/// <summary>What a nightly run did.</summary>
/// <param name="Backup">The snapshot; null when there is nothing to back up here.</param>
/// <param name="Off">Why there is none.</param>
public sealed record NightlyReport(BackupReport? Backup, string? Off = null);
