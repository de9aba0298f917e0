using Ebb.PrPreview.Settings;
using Ebb.Storage;

namespace Ebb.PrPreview.State;

/// <summary>The places, in one document with compare-and-set: the limits hold exactly, on however many replicas.</summary>
internal sealed class PlaceBook(IDocumentStore documents, PreviewOptions options, TimeProvider time)
{
    private const string Key = "preview-places";

    /// <summary>Takes a place; false when the preview has to wait for one.</summary>
    public async Task<bool> TakeAsync(string name, string repository, CancellationToken cancellationToken) =>
        (await ChangeAsync(places => places.Ask(name, repository, options.Limits, time.GetUtcNow()), cancellationToken)).Taken.ContainsKey(name);

    /// <summary>Gives the place up, or the wait for one.</summary>
    public Task LeaveAsync(string name, CancellationToken cancellationToken) => ChangeAsync(places => places.Leave(name), cancellationToken);

    private Task<Places> ChangeAsync(Func<Places, Places> change, CancellationToken cancellationToken) =>
        documents.UpdateAsync(Key, PreviewJson.Default.Places, new Places(), change, cancellationToken);
}
