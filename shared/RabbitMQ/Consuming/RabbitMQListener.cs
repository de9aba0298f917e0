using Ebb.RabbitMq.Connections;
using Ebb.Worker;

namespace Ebb.RabbitMq.Consuming;

/// <summary>Listens to the queues of all functions with a <see cref="RabbitMQTriggerAttribute"/>, on one connection.</summary>
internal sealed class RabbitMQListener(Broker broker) : ITriggerListener
{
    public bool Handles(TriggerDefinition trigger) => trigger is RabbitMQTriggerDefinition;

    public Task RunAsync(TriggerHost host, IReadOnlyList<TriggeredFunction> functions) =>
        Task.WhenAll(functions.SelectMany(function => new[]
        {
            new QueueConsumer(function, host, broker).RunAsync(),
            new RetryReturner(function, host, broker).RunAsync(),
        }));
}
