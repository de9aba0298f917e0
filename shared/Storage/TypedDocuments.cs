using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Ebb.Storage;

/// <summary>Documents as values of a type.</summary>
public static class TypedDocuments
{
    /// <summary>How often a change that others overtook is made again. Of those that meet, one succeeds each time.</summary>
    private const int MaxTries = 200;

    /// <summary>What the document holds.</summary>
    /// <exception cref="UnreadableDocumentException">It holds no such value.</exception>
    public static T Read<T>(this Document document, JsonTypeInfo<T> type)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(document);
        try
        {
            return JsonSerializer.Deserialize(document.Value, type) ?? throw new UnreadableDocumentException(document.Key, "it holds null");
        }
        catch (JsonException e)
        {
            throw new UnreadableDocumentException(document.Key, $"line {e.LineNumber + 1}, {e.Path ?? "$"}", e);
        }
    }

    /// <summary>What the document holds; null when it is no such value: for what can be found out anew, or is left out when a newer version wrote it.</summary>
    public static T? ReadOrNull<T>(this Document document, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return document.Read(type);
        }
        catch (UnreadableDocumentException)
        {
            return null;
        }
    }

    /// <summary>What is stored under the key; null when nothing is.</summary>
    /// <exception cref="UnreadableDocumentException">It holds no such value.</exception>
    public static async Task<T?> FindAsync<T>(this IDocumentStore documents, string key, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(documents);
        return (await documents.GetAsync(key, cancellationToken))?.Read(type);
    }

    /// <summary>Writes a value, whatever is there.</summary>
    public static async Task WriteAsync<T>(this IDocumentStore documents, string key, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(documents);
        await documents.PutAsync(key, JsonSerializer.Serialize(value, type), expectedVersion: null, cancellationToken);
    }

    /// <summary>
    /// Changes what is stored under the key, however many others do so at the same time. Nothing is written where the change gives back what
    /// it was given, or its equal.
    /// </summary>
    /// <param name="documents">Host storage.</param>
    /// <param name="key">The document's key.</param>
    /// <param name="type">Its type.</param>
    /// <param name="none">What is changed while there is no document.</param>
    /// <param name="change">Makes the new value of the stored one. Called anew, with the newer value, when somebody else was first; what it throws ends the update.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The value as it is stored then.</returns>
    /// <exception cref="UnreadableDocumentException">What is stored is no such value.</exception>
    /// <exception cref="DocumentContentionException">Others were first, time after time.</exception>
    public static async Task<T> UpdateAsync<T>(
        this IDocumentStore documents, string key, JsonTypeInfo<T> type, T none, Func<T, T> change, CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(documents);
        ArgumentNullException.ThrowIfNull(change);
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var document = await documents.GetAsync(key, cancellationToken);
            var before = document?.Read(type) ?? none;
            var after = change(before);
            if (after.Equals(before)
                || await documents.PutAsync(key, JsonSerializer.Serialize(after, type), document?.Version ?? 0, cancellationToken) is not null)
            {
                return after;
            }
        }

        throw new DocumentContentionException(key);
    }
}
