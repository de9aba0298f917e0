namespace Ebb.Storage.Exclusion;

/// <summary>Documents that are written and deleted only while an exclusive key is held.</summary>
internal sealed class FencedDocuments(IDocumentStore documents, Fence fence) : IDocumentStore
{
    public ValueTask<Document?> GetAsync(string key, CancellationToken cancellationToken) => documents.GetAsync(key, cancellationToken);

    public ValueTask<IReadOnlyList<Document>> ListAsync(string prefix, CancellationToken cancellationToken) => documents.ListAsync(prefix, cancellationToken);

    public ValueTask<DateTimeOffset> NowAsync(CancellationToken cancellationToken) => documents.NowAsync(cancellationToken);

    public async ValueTask<long?> PutAsync(string key, string value, long? expectedVersion, Fence? other, CancellationToken cancellationToken) =>
        await documents.PutAsync(key, value, expectedVersion, Only(other), cancellationToken) ?? await RequireAsync<long?>(null, cancellationToken);

    public async ValueTask<bool> DeleteAsync(string key, long? expectedVersion, Fence? other, CancellationToken cancellationToken) =>
        await documents.DeleteAsync(key, expectedVersion, Only(other), cancellationToken) || await RequireAsync(false, cancellationToken);

    /// <exception cref="KeyLostException">The key is not held.</exception>
    private async Task<T> RequireAsync<T>(T result, CancellationToken cancellationToken) =>
        (await documents.GetAsync(fence.Key, cancellationToken))?.Value == fence.Token ? result : throw new KeyLostException(fence.Key);

    private Fence Only(Fence? other) =>
        other is null || other == fence ? fence : throw new ArgumentException($"The document is to be written under {other.Key}, and these documents are written under {fence.Key}.", nameof(other));
}
