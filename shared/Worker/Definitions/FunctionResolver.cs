using Ebb.Worker.Configuration;
using Ebb.Worker.Timers;
using Microsoft.Extensions.Configuration;

namespace Ebb.Worker.Definitions;

/// <summary>Expands the settings in a definition's trigger.</summary>
internal sealed class FunctionResolver(IConfiguration configuration, HostOptions host, TimeZoneInfo zone, List<string> problems)
{
    public HostedFunction Resolve(IFunctionApp app, IndexedFunction definition)
    {
        var function = new HostedFunction
        {
            Definition = definition,
            App = app.Name,
            Retry = definition.Retry ?? host.Retry,
            Outputs = [.. definition.Outputs.Select(output => Output(output, definition.Name)).OfType<HostedOutput>()],
        };
        return definition.Trigger switch
        {
            HttpTriggerDefinition http => function with { Route = Route(http.Route ?? definition.Name) },
            TimerTriggerDefinition timer => Timer(function, timer),
            QueueTriggerDefinition queue => function with { Queue = Expand(queue.QueueName, "queue name", definition.Name) },
            RabbitMQTriggerDefinition rabbit => function with { BrokerQueue = Expand(rabbit.QueueName, "RabbitMQ queue name", definition.Name) },
            _ => throw new InvalidOperationException($"Function '{definition.Name}' has an unknown kind of trigger: {definition.Trigger}"),
        };
    }

    private HostedOutput? Output(OutputDefinition output, string function) =>
        Expand(output.QueueName, "output queue", function) is { } queue ? new(output.Name, queue, output is RabbitMQOutputDefinition) : null;

    private HostedFunction Timer(HostedFunction function, TimerTriggerDefinition trigger)
    {
        if (Expand(trigger.Schedule, "schedule", function.Name) is not { } schedule)
        {
            return function;
        }

        var settled = TimerSettings.Apply(trigger, function.Name, configuration, problems);
        if (ScheduledTimer.TryCreate(function.Name, schedule, settled, zone, out var timer, out var error))
        {
            return function with { Queue = timer.Queue, Timer = timer };
        }

        problems.Add(error);
        return function;
    }

    private string? Expand(string text, string what, string function) =>
        SettingReference.Expand(text, what, function, configuration, problems);

    private string Route(string route) =>
        host.RoutePrefix.Length == 0 ? $"/{route.TrimStart('/')}" : $"/{host.RoutePrefix}/{route.TrimStart('/')}";
}
