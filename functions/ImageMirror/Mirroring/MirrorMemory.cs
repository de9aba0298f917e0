using Ebb.Storage;
using Microsoft.Extensions.Logging;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>
/// What the mirror keeps from run to run, in host storage. All of it can be found out anew, so storage that fails costs
/// requests and time, and never an image.
/// </summary>
public sealed partial class MirrorMemory(IDocumentStore documents, ILogger<MirrorMemory> logger)
{
    private const int MaxKeyLength = 512;

    internal Task<IReadOnlyList<Document>> ListAsync(string prefix, CancellationToken cancellationToken) =>
        TryAsync(prefix, async () => await documents.ListAsync(prefix, cancellationToken), [], cancellationToken);

    internal Task<Document?> GetAsync(string key, CancellationToken cancellationToken) =>
        TryAsync<Document?>(key, async () => await documents.GetAsync(key, cancellationToken), null, cancellationToken);

    internal Task PutAsync(string key, string value, CancellationToken cancellationToken) =>
        TryAsync(key, async () => await documents.PutAsync(key, value, expectedVersion: null, cancellationToken), null, cancellationToken);

    internal Task DeleteAsync(Document document, CancellationToken cancellationToken) =>
        TryAsync(document.Key, async () => await documents.DeleteAsync(document.Key, document.Version, cancellationToken), false, cancellationToken);

    /// <summary>False for names that storage does not take, such as an IPv6 address: nothing is kept of them.</summary>
    internal static bool IsKey(string key) => key.Length <= MaxKeyLength && key.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:@".Contains(c, StringComparison.Ordinal));

    private async Task<T> TryAsync<T>(string key, Func<Task<T>> use, T otherwise, CancellationToken cancellationToken)
    {
        try
        {
            return await use();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogUnavailable(e, key);
            return otherwise;
        }
    }

    [LoggerMessage(3004, LogLevel.Warning, "The document {Key} of the host storage cannot be used; what it would have saved is asked or computed again")]
    private partial void LogUnavailable(Exception exception, string key);
}
