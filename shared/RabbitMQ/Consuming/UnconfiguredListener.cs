using Ebb.Worker;
using Microsoft.Extensions.Logging;

namespace Ebb.RabbitMq.Consuming;

/// <summary>Stands where no broker is configured: says once which functions are off.</summary>
internal sealed partial class UnconfiguredListener(ILogger<UnconfiguredListener> logger) : ITriggerListener
{
    public bool Handles(TriggerDefinition trigger) => trigger is RabbitMQTriggerDefinition;

    public Task RunAsync(TriggerHost host, IReadOnlyList<TriggeredFunction> functions)
    {
        LogOff(logger, string.Join(", ", functions.Select(function => function.Name)));
        return Task.CompletedTask;
    }

    [LoggerMessage(4000, LogLevel.Information, "No RabbitMQ is configured (RabbitMQ:Uri, RabbitMQ:Host), so these functions are off: {Functions}")]
    private static partial void LogOff(ILogger logger, string functions);
}
