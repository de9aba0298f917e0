namespace Ebb.EtcdBackup.Bolt;

/// <summary>The pages of a database.</summary>
/// <param name="PageSize">Bytes of each.</param>
/// <param name="Total">All of them.</param>
/// <param name="Free">Those in no use; a defragmentation gives them back.</param>
public sealed record BoltPages(int PageSize, long Total, long Free);
