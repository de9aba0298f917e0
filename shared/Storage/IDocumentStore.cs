namespace Ebb.Storage;

/// <summary>
/// Small JSON documents by key, with compare-and-set: what workers know and the door shows, tombstones, pins, approvals.
/// Keys are 1 to 512 characters of letters, digits and <c>-_./:@</c>; values are at most 1 MiB of UTF-8.
/// </summary>
public interface IDocumentStore
{
    /// <summary>A document; null when there is none.</summary>
    ValueTask<Document?> GetAsync(string key, CancellationToken cancellationToken);

    /// <summary>The documents whose key begins with <paramref name="prefix"/>, by key.</summary>
    ValueTask<IReadOnlyList<Document>> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a document. <paramref name="expectedVersion"/>: null writes whatever is there, 0 only when there is none,
    /// another number only when the stored version is that one. <paramref name="fence"/>: only while its key is held so; null asks for none.
    /// </summary>
    /// <returns>The new version; null when the expectation or the fence did not hold and nothing was written.</returns>
    ValueTask<long?> PutAsync(string key, string value, long? expectedVersion, Fence? fence, CancellationToken cancellationToken);

    /// <summary>Deletes a document, under the same conditions. A version number is never used again for the same key.</summary>
    /// <returns>False: a condition did not hold, or there was nothing to delete.</returns>
    ValueTask<bool> DeleteAsync(string key, long? expectedVersion, Fence? fence, CancellationToken cancellationToken);

    /// <summary>The time by the clock that <see cref="Document.UpdatedAt"/> is of: how old a document is does not depend on who asks.</summary>
    ValueTask<DateTimeOffset> NowAsync(CancellationToken cancellationToken);

    /// <summary>Writes a document without a fence.</summary>
    /// <inheritdoc cref="PutAsync(string, string, long?, Fence?, CancellationToken)"/>
    ValueTask<long?> PutAsync(string key, string value, long? expectedVersion, CancellationToken cancellationToken) =>
        PutAsync(key, value, expectedVersion, fence: null, cancellationToken);

    /// <summary>Deletes a document without a fence.</summary>
    /// <inheritdoc cref="DeleteAsync(string, long?, Fence?, CancellationToken)"/>
    ValueTask<bool> DeleteAsync(string key, long? expectedVersion, CancellationToken cancellationToken) =>
        DeleteAsync(key, expectedVersion, fence: null, cancellationToken);
}

/// <summary>A stored document.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">Its JSON text, as it was written.</param>
/// <param name="Version">Its version, from 1, greater with each write.</param>
/// <param name="UpdatedAt">When it was written.</param>
public sealed record Document(string Key, string Value, long Version, DateTimeOffset UpdatedAt);
