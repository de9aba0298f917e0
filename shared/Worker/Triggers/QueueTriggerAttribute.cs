namespace Ebb.Worker;

/// <summary>
/// Starts a function with a message of host storage. The parameter is a <c>string</c> or a type with JSON metadata in
/// the app's <see cref="IFunctionApp.Json"/>.
/// </summary>
/// <param name="queueName">The queue, or a whole-string <c>%Setting%</c>.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class QueueTriggerAttribute(string queueName) : Attribute
{
    /// <summary>The queue as written.</summary>
    public string QueueName { get; } = queueName;
}
