using Microsoft.Azure.Functions.Worker;

namespace Ebb.Worker;

/// <summary>What starts a function.</summary>
public abstract record TriggerDefinition
{
    private protected TriggerDefinition()
    {
    }

    /// <summary>The trigger's kind as Azure Functions writes it, such as <c>queueTrigger</c>.</summary>
    public abstract string Type { get; }
}

/// <summary>An HTTP request starts the function.</summary>
/// <param name="Methods">The methods; none means all.</param>
/// <param name="AuthLevel">What a caller must show.</param>
/// <param name="Route">The route template; null means the function's name.</param>
public sealed record HttpTriggerDefinition(IReadOnlyList<string> Methods, AuthorizationLevel AuthLevel, string? Route) : TriggerDefinition
{
    /// <inheritdoc/>
    public override string Type => "httpTrigger";

    /// <summary>Whether keys that are limited to some names may call it.</summary>
    public bool Scoped { get; init; }
}

/// <summary>The clock starts the function.</summary>
/// <param name="Schedule">The schedule as written, <c>%Setting%</c> not expanded.</param>
/// <param name="UseMonitor">Whether missed occurrences are caught up.</param>
/// <param name="RunOnStartup">Whether it also runs when the host starts.</param>
public sealed record TimerTriggerDefinition(string Schedule, bool UseMonitor, bool RunOnStartup) : TriggerDefinition
{
    /// <inheritdoc/>
    public override string Type => "timerTrigger";

    /// <summary>Which missed occurrences run.</summary>
    public CatchUp CatchUp { get; init; } = CatchUp.Last;

    /// <summary>How many run with <see cref="Worker.CatchUp.All"/>.</summary>
    public int CatchUpLimit { get; init; } = 10;
}

/// <summary>A queue message starts the function.</summary>
/// <param name="QueueName">The queue as written, <c>%Setting%</c> not expanded.</param>
public sealed record QueueTriggerDefinition(string QueueName) : TriggerDefinition
{
    /// <inheritdoc/>
    public override string Type => "queueTrigger";
}

/// <summary>A RabbitMQ message starts the function.</summary>
/// <param name="QueueName">The queue as written, <c>%Setting%</c> not expanded.</param>
public sealed record RabbitMQTriggerDefinition(string QueueName) : TriggerDefinition
{
    /// <inheritdoc/>
    public override string Type => "rabbitMQTrigger";

    /// <summary>Whether a process takes one message after the other.</summary>
    public bool OneAtATime { get; init; }

    /// <summary>Whether the function heeds what its sender may act on.</summary>
    public bool Scoped { get; init; }
}
