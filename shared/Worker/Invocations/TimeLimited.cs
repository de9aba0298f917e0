using Ebb.Worker.Configuration;
using Ebb.Worker.Hosting;

namespace Ebb.Worker.Invocations;

/// <summary>
/// Cancels a call at <c>functionTimeout</c>. A call that goes on regardless cannot be ended from outside: as with Azure
/// Functions the process is then recycled, which is the only way to get its capacity back.
/// </summary>
internal static class TimeLimited
{
    // A pod's grace is as long as its longest run. A call that ignores its cancellation is not worth waiting for that long.
    private static readonly TimeSpan LongestIgnorance = TimeSpan.FromSeconds(30);

    public static InvocationMiddleware Using(HostOptions options, WorkerOptions worker, HostState state) => next => async invocation =>
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(invocation.Cancellation);
        invocation.Token = source.Token;
        if (options.FunctionTimeout == Timeout.InfiniteTimeSpan)
        {
            return await next(invocation);
        }

        using var limit = state.Time.CreateTimer(_ => Expire(invocation, source), null, options.FunctionTimeout, Timeout.InfiniteTimeSpan);
        var ignorance = worker.Grace < LongestIgnorance ? worker.Grace : LongestIgnorance;
        using var overdue = state.Time.CreateTimer(
            _ =>
            {
                // With no grace both timers are due at once, in any order.
                Expire(invocation, source);
                state.Recycle(invocation.Function.Name);
            },
            null,
            options.FunctionTimeout + ignorance,
            Timeout.InfiniteTimeSpan);
        return await next(invocation);
    };

    private static void Expire(Invocation invocation, CancellationTokenSource source)
    {
        invocation.TimedOut = true;
        try
        {
            // Not waited for, nor on the timer's own flow: it runs what the function hangs on its token, and what a timer throws ends the process.
            _ = source.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The call ended in the same moment.
        }
    }
}
