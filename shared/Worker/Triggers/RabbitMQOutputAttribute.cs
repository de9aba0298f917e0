namespace Ebb.Worker;

/// <summary>
/// Sends a function's return value to a RabbitMQ queue: a string as its text, anything else as JSON, null not at all. The broker
/// confirms it before the message that started the function is acknowledged; an attempt whose output is not confirmed failed.
/// </summary>
/// <param name="queueName">The queue, or a whole-string <c>%Setting%</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RabbitMQOutputAttribute(string queueName) : Attribute
{
    /// <summary>The queue as written.</summary>
    public string QueueName { get; } = queueName;
}
