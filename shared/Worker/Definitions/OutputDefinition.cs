namespace Ebb.Worker;

/// <summary>Where a return value, or a property of it, is sent.</summary>
/// <param name="Name">The property; <see cref="ReturnValue"/> for the return value itself.</param>
/// <param name="QueueName">The queue as written, <c>%Setting%</c> not expanded.</param>
public abstract record OutputDefinition(string Name, string QueueName)
{
    /// <summary>The name of the return value, as Azure Functions has it.</summary>
    public const string ReturnValue = "$return";

    /// <summary>The output's kind as Azure Functions writes it, such as <c>queue</c>.</summary>
    public abstract string Type { get; }
}

/// <summary>It becomes a message of host storage.</summary>
/// <param name="Name">The property, or <see cref="OutputDefinition.ReturnValue"/>.</param>
/// <param name="QueueName">The queue as written, <c>%Setting%</c> not expanded.</param>
public sealed record QueueOutputDefinition(string Name, string QueueName) : OutputDefinition(Name, QueueName)
{
    /// <inheritdoc/>
    public override string Type => "queue";
}

/// <summary>It becomes a RabbitMQ message.</summary>
/// <param name="Name">The property, or <see cref="OutputDefinition.ReturnValue"/>.</param>
/// <param name="QueueName">The queue as written, <c>%Setting%</c> not expanded.</param>
public sealed record RabbitMQOutputDefinition(string Name, string QueueName) : OutputDefinition(Name, QueueName)
{
    /// <inheritdoc/>
    public override string Type => "rabbitMQ";
}
