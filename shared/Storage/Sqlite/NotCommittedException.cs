namespace Ebb.Storage.Sqlite;

/// <summary>A transaction was refused as a whole.</summary>
internal sealed class NotCommittedException(Exception cause) : Exception(cause.Message, cause);
