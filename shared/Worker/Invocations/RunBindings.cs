using System.Globalization;
using Ebb.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.Worker.Invocations;

/// <summary>The parts of a run's context that few functions ask for, made when one does.</summary>
internal sealed class RunBindings(RunContext context)
{
    public TraceContext Trace { get; } = new RunTrace(context);

    public RetryContext Retry { get; } = new RunRetry(context);

    public BindingContext Data { get; } = new RunData(context);

    private sealed class RunTrace(RunContext context) : TraceContext
    {
        public override string TraceParent => context.Activity?.Id ?? string.Empty;

        public override string TraceState => context.Activity?.TraceStateString ?? string.Empty;
    }

    private sealed class RunRetry(RunContext context) : RetryContext
    {
        public override int RetryCount => context.RetryCount;

        public override int MaxRetryCount => context.MaxRetryCount;
    }

    private sealed class RunData(RunContext context) : BindingContext
    {
        private IReadOnlyDictionary<string, object?>? _data;

        public override IReadOnlyDictionary<string, object?> BindingData => _data ??= context.TriggerData switch
        {
            LeasedMessage message => Of(message),
            HttpContext http => Of(http.Request),
            _ => new Dictionary<string, object?>(),
        };

        // The names of Azure Functions: "Trigger metadata" of the queue trigger. The values are strings, as its isolated worker has them.
        private static Dictionary<string, object?> Of(LeasedMessage message) => new(StringComparer.OrdinalIgnoreCase)
        {
            ["QueueTrigger"] = message.Body,
            ["Id"] = message.RunId.ToString(),
            ["DequeueCount"] = message.DequeueCount.ToString(CultureInfo.InvariantCulture),
            ["InsertionTime"] = Text(message.EnqueuedAt),
            ["ExpirationTime"] = Text(DateTimeOffset.MaxValue),
            ["NextVisibleTime"] = Text(message.LeaseExpiresAt),
            ["PopReceipt"] = message.LeaseToken.ToString(),
        };

        private static Dictionary<string, object?> Of(HttpRequest request)
        {
            var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
            foreach (var (name, value) in request.Query)
            {
                data[name] = value.ToString();
            }

            foreach (var (name, value) in request.RouteValues)
            {
                data[name] = value?.ToString();
            }

            return data;
        }

        private static string Text(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);
    }
}
