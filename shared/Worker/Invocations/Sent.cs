using Microsoft.Extensions.DependencyInjection;

namespace Ebb.Worker.Invocations;

/// <summary>
/// Sends the return value of a function that has an output. It is part of the call: what cannot be sent fails the attempt, and
/// the message that started it is not settled before the output is confirmed.
/// </summary>
internal static class Sent
{
    public static InvocationMiddleware Using(IServiceProvider services) => next => async invocation =>
    {
        var outcome = await next(invocation);
        if (invocation.Function.OutputQueue is { } queue && outcome is { Kind: OutcomeKind.Succeeded, Result: { } result })
        {
            await services.GetRequiredService<IOutputSender>().SendAsync(
                new OutputMessage(invocation.RunId, invocation.Function.Name, queue, result, invocation.Activity?.Id), invocation.Token);
        }

        return outcome;
    };
}
