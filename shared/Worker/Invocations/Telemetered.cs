using System.Diagnostics;
using Ebb.Storage;
using Ebb.Worker.Hosting;
using Ebb.Worker.Telemetry;

namespace Ebb.Worker.Invocations;

/// <summary>Gives the call its span and its figures.</summary>
internal static class Telemetered
{
    public static InvocationMiddleware Using(HostState state) => next => async invocation =>
    {
        using var activity = WorkerTelemetry.Start(invocation.Function.Name, invocation.Parent);
        invocation.Activity = activity;
        activity.SetTag("faas.invocation_id", invocation.RunId.ToString());
        activity.SetTag("faas.name", invocation.Function.Name);
        activity.SetTag("faas.instance", state.InstanceId);
        activity.SetTag("faas.trigger", SemanticTrigger(invocation.Trigger));
        var started = state.Time.GetTimestamp();
        invocation.StartedAt = state.Time.GetUtcNow();
        using var counted = state.CountInvocation();
        var outcome = await next(invocation);
        if (outcome.Error is { } error)
        {
            activity.SetTag("error.type", error.Type);
            activity.SetStatus(ActivityStatusCode.Error, error.Message);
        }

        WorkerTelemetry.Record(invocation.Function.Name, outcome, state.Time.GetElapsedTime(started));
        return outcome;
    };

    // OpenTelemetry semantic conventions, attribute faas.trigger.
    private static string SemanticTrigger(TriggerKind trigger) => trigger switch
    {
        TriggerKind.Http => "http",
        TriggerKind.Timer => "timer",
        TriggerKind.Queue or TriggerKind.RabbitMQ => "pubsub",
        _ => "other",
    };
}
