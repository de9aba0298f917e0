using System.Diagnostics;
using System.Diagnostics.Metrics;
using Ebb.Worker.Invocations;

namespace Ebb.Worker.Telemetry;

/// <summary>The spans and figures of the runtime. Names are those of Azure Functions and of OpenTelemetry's FaaS conventions.</summary>
internal static class WorkerTelemetry
{
    public const string SourceName = "Microsoft.Azure.Functions.Worker";

    private static readonly ActivitySource Source = new(SourceName);
    private static readonly Meter Meter = new(SourceName);
    private static readonly Histogram<double> Duration =
        Meter.CreateHistogram<double>("faas.invoke_duration", "s", "How long invocations take.");

    private static readonly Counter<long> Errors = Meter.CreateCounter<long>("faas.errors", "{error}", "Invocations that failed.");

    /// <summary>
    /// Starts the span of a call. Without a listener it is a bare activity, so that every run has a trace id and calls made
    /// by the function carry it.
    /// </summary>
    public static Activity Start(string function, ActivityContext parent)
    {
        var name = $"function {function}";
        if (Source.StartActivity(name, ActivityKind.Server, parent) is { } listened)
        {
            return listened;
        }

        var activity = new Activity(name).SetIdFormat(ActivityIdFormat.W3C);
        if (parent != default)
        {
            activity.SetParentId(parent.TraceId, parent.SpanId, parent.TraceFlags);
            activity.TraceStateString = parent.TraceState;
        }

        return activity.Start();
    }

    public static void Record(string function, InvocationOutcome outcome, TimeSpan duration)
    {
        var name = new KeyValuePair<string, object?>("faas.name", function);
        Duration.Record(duration.TotalSeconds, name, new("outcome", outcome.Kind.ToString()));
        if (outcome.Error is not null && outcome.Kind is not OutcomeKind.Cancelled)
        {
            Errors.Add(1, name);
        }
    }
}
