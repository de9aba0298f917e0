using System.Text.Json.Serialization;

namespace Ebb.EtcdBackup.Backups;

/// <summary>Who holds the lock of a cluster.</summary>
/// <param name="Run">The run.</param>
/// <param name="Since">Since when.</param>
internal sealed record BackupLockHolder(string Run, DateTimeOffset Since);

/// <summary>JSON metadata, generated at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BackupLockHolder))]
internal sealed partial class BackupLockJson : JsonSerializerContext;
