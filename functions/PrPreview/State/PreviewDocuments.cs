using System.Text.Json;
using Ebb.Contracts;
using Ebb.Contracts.Previews;
using Ebb.Storage;

namespace Ebb.PrPreview.State;

/// <summary>The documents of previews, which the door shows. Whoever writes one holds the preview's key and has them from <see cref="PreviewKeys"/>.</summary>
internal sealed class PreviewDocuments(IDocumentStore documents)
{
    public async Task<Preview?> FindAsync(PreviewName name, CancellationToken cancellationToken) =>
        await documents.GetAsync(Preview.KeyOf(name), cancellationToken) is { } document ? Read(document) : null;

    /// <summary>Every preview; one whose document cannot be read is named and keeps nobody from the others.</summary>
    public async Task<(List<Preview> Previews, List<UnreadablePreview> Unreadable)> ListAsync(CancellationToken cancellationToken)
    {
        var (previews, unreadable) = (new List<Preview>(), new List<UnreadablePreview>());
        foreach (var document in await documents.ListAsync(Preview.KeyPrefix, cancellationToken))
        {
            try
            {
                previews.Add(Read(document));
            }
            catch (UnreadableDocumentException e)
            {
                unreadable.Add(new UnreadablePreview(document.Key[Preview.KeyPrefix.Length..], e.Message));
            }
        }

        return (previews, unreadable);
    }

    /// <summary>Writes what changed.</summary>
    /// <returns>The preview as it is stored.</returns>
    public async Task<Preview> WriteAsync(Preview? before, Preview after, CancellationToken cancellationToken)
    {
        if (after != before)
        {
            await documents.WriteAsync(Preview.KeyPrefix + after.Name, after, ContractsJson.Default.Preview, cancellationToken);
        }

        return after;
    }

    /// <summary>Notes that a preview's author was warned, unless something happened meanwhile. Needs no key.</summary>
    public async Task WarnedAsync(Preview preview, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var key = Preview.KeyPrefix + preview.Name;
        if (await documents.GetAsync(key, cancellationToken) is { } document && Read(document) == preview)
        {
            await documents.PutAsync(key, JsonSerializer.Serialize(preview with { WarnedAt = at }, ContractsJson.Default.Preview), document.Version, cancellationToken);
        }
    }

    /// <summary>Forgets a preview, unless something happened meanwhile. Needs no key.</summary>
    public async Task<bool> ForgetAsync(Preview preview, CancellationToken cancellationToken)
    {
        var key = Preview.KeyPrefix + preview.Name;
        return await documents.GetAsync(key, cancellationToken) is { } document && Read(document) == preview
            && await documents.DeleteAsync(key, document.Version, cancellationToken);
    }

    private static Preview Read(Document document) => OlderPreviews.Read(document.Read(ContractsJson.Default.Preview));
}

/// <summary>A preview whose document cannot be read.</summary>
/// <param name="Name">The preview's name, which its document's key holds.</param>
/// <param name="Why">What cannot be read, and what to do.</param>
internal sealed record UnreadablePreview(string Name, string Why);
