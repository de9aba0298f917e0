using Ebb.ObjectStore;

namespace Ebb.EtcdBackup.Configuration;

/// <summary>S3 Object Lock for every snapshot (<c>EtcdBackup:Lock</c>): until then nobody deletes it, retention included.</summary>
/// <param name="Mode"><c>Governance</c> (default) or <c>Compliance</c>.</param>
/// <param name="Days">How long. 1 to 3650.</param>
public sealed record LockOptions(RetentionMode Mode, int Days);
