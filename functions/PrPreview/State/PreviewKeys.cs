using Ebb.Contracts.Previews;
using Ebb.Storage;
using Ebb.Storage.Exclusion;
using Ebb.Worker;

namespace Ebb.PrPreview.State;

/// <summary>Lets one run at a time work on a preview: webhooks, requests by hand and the reaper come by different queues.</summary>
internal sealed class PreviewKeys(ExclusiveKeys keys)
{
    public const string Prefix = "preview-locks/";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Does the work while the run holds the preview's key; the documents that it gets are written only as long as it does.</summary>
    /// <exception cref="FunctionPostponedException">Another run holds it.</exception>
    public async Task<T> DoAsync<T>(PreviewName name, RunId run, Func<PreviewDocuments, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await keys.HoldAsync(Prefix + name, $"{run}", (hold, token) => work(new PreviewDocuments(hold.Documents), token), cancellationToken);
        }
        catch (KeyHeldException)
        {
            throw new FunctionPostponedException(Pause, $"Another run works on {name}; this one follows.");
        }
    }
}
