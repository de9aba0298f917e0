using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Invocations;

/// <summary>Puts the run and the function on every line that is logged during the call.</summary>
internal static partial class Logged
{
    private static readonly Func<ILogger, string, string, IDisposable?> Scope =
        LoggerMessage.DefineScope<string, string>("run {RunId} of {Function}");

    public static InvocationMiddleware Using(ILogger logger) => next => async invocation =>
    {
        using var scope = Scope(logger, invocation.RunId.ToString(), invocation.Function.Name);
        LogStarting(logger, invocation.Function.Name, invocation.Trigger, invocation.RetryCount);
        var outcome = await next(invocation);
        LogEnded(logger, invocation.Function.Name, outcome.Kind);
        return outcome;
    };
}
