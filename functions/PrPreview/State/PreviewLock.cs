using System.Text.Json;
using Ebb.Contracts.Previews;
using Ebb.Storage;
using Ebb.Worker;

namespace Ebb.PrPreview.State;

/// <summary>
/// Lets one run at a time work on a preview: webhooks, requests by hand and the reaper come by different queues. A run whose process died
/// leaves its lock behind; the same run takes it up again at once, another one when it has lapsed.
/// </summary>
internal sealed class PreviewLock(IDocumentStore documents, TimeProvider time)
{
    private const string Prefix = "preview-locks/";

    /// <summary>How long a lock holds; twice what an attempt may take.</summary>
    private static readonly TimeSpan Term = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>How long an attempt may take that works under a lock.</summary>
    public static TimeSpan MaxAttempt { get; } = Term / 2;

    /// <summary>Does the work under the preview's lock.</summary>
    /// <exception cref="FunctionPostponedException">Another run has it.</exception>
    public async Task<T> DoAsync<T>(PreviewName name, RunId run, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        var key = Prefix + name;
        var version = await TakeAsync(key, run, cancellationToken)
            ?? throw new FunctionPostponedException(Pause, $"Another run works on {name}; this one follows.");
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(MaxAttempt);
            return await work(limit.Token);
        }
        finally
        {
            await documents.DeleteAsync(key, version, CancellationToken.None);
        }
    }

    private async Task<long?> TakeAsync(string key, RunId run, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var found = await documents.GetAsync(key, cancellationToken);
        if (found is not null && StoredJson.Read(found, PreviewJson.Default.HeldLock) is { } held && held.Run != run.ToString() && held.Until > now)
        {
            return null;
        }

        var mine = JsonSerializer.Serialize(new HeldLock(run.ToString(), now + Term), PreviewJson.Default.HeldLock);
        return await documents.PutAsync(key, mine, found?.Version ?? 0, cancellationToken);
    }
}

/// <summary>Who works on a preview, and until when at the latest.</summary>
internal sealed record HeldLock(string Run, DateTimeOffset Until);
