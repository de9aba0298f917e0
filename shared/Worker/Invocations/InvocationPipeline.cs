namespace Ebb.Worker.Invocations;

/// <summary>Calls a function, or does one thing around the call.</summary>
internal delegate ValueTask<InvocationOutcome> InvocationDelegate(Invocation invocation);

/// <summary>Wraps one thing around the rest of the pipeline.</summary>
internal delegate InvocationDelegate InvocationMiddleware(InvocationDelegate next);

/// <summary>The way of every call, whatever triggered it: a folded list of delegates, the first outermost.</summary>
internal static class InvocationPipeline
{
    public static InvocationDelegate Fold(InvocationDelegate call, params ReadOnlySpan<InvocationMiddleware> around)
    {
        for (var i = around.Length - 1; i >= 0; i--)
        {
            call = around[i](call);
        }

        return call;
    }
}
