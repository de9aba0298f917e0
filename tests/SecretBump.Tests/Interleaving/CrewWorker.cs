using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Changes;
using Ebb.SecretBump.Reports;
using Ebb.SecretBump.Tests.Servers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.SecretBump.Tests.Interleaving;

/// <summary>A worker with services of its own, as another pod has them. All its requests pass through it, so that it can die or stand still at any.</summary>
internal sealed class CrewWorker(ServiceProvider services) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _death = CancellationTokenSource.CreateLinkedTokenSource(BumpBench.Token);
    private readonly TaskCompletionSource _stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _resumed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Fate _fate = Fate.None;
    private int _left;

    public bool IsAtWork => !_death.IsCancellationRequested && !_stalled.Task.IsCompleted;

    /// <summary>Completes when it stands still.</summary>
    public Task Stalled => _stalled.Task;

    /// <summary>Decides what becomes of it, unless that is decided already.</summary>
    public void Arm(Fate fate)
    {
        lock (_gate)
        {
            if (_fate.Kind == FateKind.None)
            {
                (_fate, _left) = (fate, fate.At);
            }
        }
    }

    /// <summary>Lets it go on where it stood still.</summary>
    public void Resume() => _resumed.TrySetResult();

    /// <summary>Makes a change; null when it died over it.</summary>
    public async Task<ChangeReport?> RunAsync(SecretChange change, string run)
    {
        try
        {
            return await services.GetRequiredService<ChangeEngine>().RunAsync(change, run, "ci", _ => { }, _death.Token);
        }
        catch (OperationCanceledException) when (_death.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Serves one of its requests, or does not.</summary>
    public async Task PassAsync(HttpContext context, Func<Task> serve)
    {
        switch (Next())
        {
            case FateKind.KilledBefore:
                await DieAsync(context);
                break;
            case FateKind.KilledAfter:
                await UnseenAsync(context, serve);
                await DieAsync(context);
                break;
            case FateKind.StalledBefore:
                _stalled.TrySetResult();
                await _resumed.Task;
                await serve();
                break;
            case FateKind.StalledAfter:
                var answer = await UnseenAsync(context, serve);
                _stalled.TrySetResult();
                await _resumed.Task;
                await context.Response.Body.WriteAsync(answer);
                break;
            default:
                await AsLongAsItLivesAsync(context, serve);
                break;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _death.Dispose();
        await services.DisposeAsync();
    }

    private FateKind Next()
    {
        lock (_gate)
        {
            return _fate.Kind != FateKind.None && --_left == 0 ? _fate.Kind : FateKind.None;
        }
    }

    private async Task AsLongAsItLivesAsync(HttpContext context, Func<Task> serve)
    {
        if (_stalled.Task.IsCompleted)
        {
            await _resumed.Task;
        }

        if (_death.IsCancellationRequested)
        {
            context.Abort();
            return;
        }

        await serve();
    }

    private async Task DieAsync(HttpContext context)
    {
        await _death.CancelAsync();
        context.Abort();
    }

    // A watch has no end to wait for.
    private static async Task<byte[]> UnseenAsync(HttpContext context, Func<Task> serve)
    {
        if (context.Request.Query.ContainsKey("watch"))
        {
            return [];
        }

        var body = context.Response.Body;
        using var unseen = new MemoryStream();
        context.Response.Body = unseen;
        await serve();
        context.Response.Body = body;
        return unseen.ToArray();
    }
}
