using Ebb.Storage.Tables;

namespace Ebb.Storage.Sqlite;

/// <summary>What happens to documents, in SQL. Each method belongs to one transaction.</summary>
internal static class DocumentTable
{
    // A new row each time: its key is the version, which is never used again.
    private const string Write = "insert or replace into documents (key, value, updated_at) values ($1, $2, $3) returning version";

    /// <returns>The new version; null when a condition did not hold.</returns>
    public static long? Put(Work work, string key, string value, long? expectedVersion, Fence? fence) =>
        IsAllowed(work, key, expectedVersion, fence) ? work.Session.First(Write, static row => row.GetInt64(0), key, value, work.Now.Wall) : null;

    /// <returns>False: a condition did not hold, or there was nothing to delete.</returns>
    public static bool Delete(Work work, string key, long? expectedVersion, Fence? fence) =>
        IsAllowed(work, key, expectedVersion, fence) && work.Session.Execute("delete from documents where key = $1", key) > 0;

    private static bool IsAllowed(Work work, string key, long? version, Fence? fence) =>
        (version is null || (Find(work, key)?.Version ?? 0) == version) && (fence is null || Find(work, fence.Key)?.Value == fence.Token);

    private static Document? Find(Work work, string key) => work.Session.First(DocumentRow.One, DocumentRow.Read, key);
}
