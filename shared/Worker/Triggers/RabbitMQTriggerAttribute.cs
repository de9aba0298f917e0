using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Ebb.Worker;

/// <summary>
/// Starts a function with a RabbitMQ message. The parameter is as with a <c>QueueTrigger</c>: a <c>string</c>, <c>byte[]</c>,
/// <c>BinaryData</c> or a type with JSON metadata in the app's <see cref="IFunctionApp.Json"/>. The broker is that of the
/// <c>RabbitMQ:…</c> settings; unlike in Azure Functions it is not named here, because credentials belong to the process and not into code.
/// </summary>
/// <param name="queueName">The queue, or a whole-string <c>%Setting%</c>.</param>
public sealed class RabbitMQTriggerAttribute(string queueName) : TriggerBindingAttribute
{
    /// <summary>The queue as written.</summary>
    public string QueueName { get; } = queueName;

    /// <summary>
    /// Whether this process takes the next message only when the one before was handled, so that they are handled in the queue's order;
    /// one that is tried again later loses its place. Default false: <c>extensions.rabbitMQ.prefetchCount</c> at once, in any order.
    /// </summary>
    public bool OneAtATime { get; set; }
}
