using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Ebb.Worker;

/// <summary>
/// Sends a function's return value, or a property of it, to a RabbitMQ queue: a string as its text, anything else as JSON, each element of an
/// array by itself, null not at all. The broker confirms it before the message that started the function is acknowledged; an attempt whose
/// output is not confirmed failed.
/// </summary>
/// <param name="queueName">The queue, or a whole-string <c>%Setting%</c>.</param>
public sealed class RabbitMQOutputAttribute(string queueName) : OutputBindingAttribute
{
    /// <summary>The queue as written.</summary>
    public string QueueName { get; } = queueName;
}
