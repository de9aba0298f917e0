using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Ebb.Storage.Exclusion;

/// <summary>
/// Keys that one run at a time holds, whichever queue it came by. Who holds one is a document under the key; its prefix is one that the
/// process may write. A run holds its key
/// <list type="bullet">
/// <item>while storage knows it as running: under a live lease, or, without a queue, in a process that lives;</item>
/// <item>where storage cannot tell, for <see cref="LapsesAfter"/> since it was last renewed, by storage's clock: a run that storage does not
/// know (<c>ebb run</c> while it works) or RabbitMQ's, whose records outlive their process. One of this process holds it while it works.</item>
/// </list>
/// One that has ended or waits again holds none, and a run takes up its own key again at once: an earlier attempt of it is then fenced off.
/// </summary>
public sealed class ExclusiveKeys(IHostStorage storage, TimeProvider time, ILogger<ExclusiveKeys> logger)
{
    /// <summary>How long after its last renewal a key is free of a run of which storage cannot tell whether it lives. 3 minutes.</summary>
    public static TimeSpan LapsesAfter { get; } = TimeSpan.FromMinutes(3);

    private readonly ConcurrentDictionary<Fence, ExclusiveHold> _holds = new();

    /// <summary>Does the work while the run holds the key.</summary>
    /// <param name="key">The key, a document's.</param>
    /// <param name="run">The run's id.</param>
    /// <param name="work">The work. Its token is cancelled with the caller's, and when the key is lost.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="KeyHeldException">Another run holds it.</exception>
    /// <exception cref="KeyLostException">It was lost before the work was done.</exception>
    public async Task<T> HoldAsync<T>(string key, string run, Func<ExclusiveHold, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        await using var hold = await TakeAsync(key, run, cancellationToken);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, hold.Lost);
        try
        {
            return await work(hold, either.Token);
        }
        catch (OperationCanceledException e) when (hold.Lost.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new KeyLostException(key, e);
        }
    }

    /// <summary>Takes the key for the run, until it is given back.</summary>
    /// <exception cref="KeyHeldException">Another run holds it.</exception>
    internal async Task<ExclusiveHold> TakeAsync(string key, string run, CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        var there = await storage.Documents.GetAsync(key, cancellationToken);
        if (there is not null && await HolderAsync(there, run, cancellationToken) is { } holder)
        {
            throw new KeyHeldException(key, holder.Run, holder.Since);
        }

        var now = time.GetUtcNow();
        var fence = new Fence(key, JsonSerializer.Serialize(new KeyHolder(run, now, now + LapsesAfter, Guid.NewGuid()), KeyJson.Default.KeyHolder));
        if (await storage.Documents.PutAsync(key, fence.Token, there?.Version ?? 0, cancellationToken) is null)
        {
            throw new KeyHeldException(key, run: null, since: null);
        }

        return _holds[fence] = new ExclusiveHold(storage.Documents, fence, asked, () => _holds.TryRemove(fence, out _), time, logger);
    }

    private async Task<KeyHolder?> HolderAsync(Document there, string run, CancellationToken cancellationToken)
    {
        var holder = there.Read(KeyJson.Default.KeyHolder);
        if (holder.Run == run)
        {
            return null;
        }

        var isHeld = (RunId.TryParse(holder.Run, out var id) ? await storage.Runs.GetAsync(id, cancellationToken) : null) switch
        {
            { State: not RunState.Running } => false,
            { Trigger: not TriggerKind.RabbitMQ } => true,
            _ => IsHeldHere(there) || await storage.Documents.NowAsync(cancellationToken) - there.UpdatedAt < LapsesAfter,
        };
        return isHeld ? holder : null;
    }

    // No clock is asked about what is known: one that leaps makes no hold of this process older.
    private bool IsHeldHere(Document there) => _holds.TryGetValue(new Fence(there.Key, there.Value), out var hold) && !hold.Lost.IsCancellationRequested;
}
