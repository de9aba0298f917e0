namespace Ebb.Worker;

/// <summary>What the compile-time index says of one function. Written by the source generator.</summary>
public sealed record FunctionDefinition
{
    /// <summary>The function's name.</summary>
    public required string Name { get; init; }

    /// <summary>The method, as <c>Namespace.Type.Method</c>.</summary>
    public required string EntryPoint { get; init; }

    /// <summary>What starts it.</summary>
    public required TriggerDefinition Trigger { get; init; }

    /// <summary>The retry attribute; null means the host's policy.</summary>
    public RetryPolicy? Retry { get; init; }

    /// <summary>
    /// The types that are read from or written as JSON: the message parameter's and the return value's. The host checks at
    /// start that <see cref="IFunctionApp.Json"/> knows each.
    /// </summary>
    public IReadOnlyList<Type> JsonTypes { get; init; } = [];

    /// <summary>Where the return value is sent besides becoming the run's result; null for nowhere.</summary>
    public RabbitMQOutputDefinition? Output { get; init; }

    /// <summary>Calls the method.</summary>
    public required FunctionInvoker Invoker { get; init; }
}

/// <summary>Creates the function's class with its dependencies, binds the parameters, calls the method and binds its return value.</summary>
public delegate ValueTask<FunctionResult> FunctionInvoker(FunctionContext context);

/// <summary>What starts a function.</summary>
public abstract record TriggerDefinition
{
    private protected TriggerDefinition()
    {
    }
}

/// <summary>An HTTP request starts the function.</summary>
/// <param name="Methods">The methods; none means all.</param>
/// <param name="AuthLevel">What a caller must show.</param>
/// <param name="Route">The route template; null means the function's name.</param>
public sealed record HttpTriggerDefinition(IReadOnlyList<string> Methods, AuthorizationLevel AuthLevel, string? Route) : TriggerDefinition
{
    /// <summary>Whether keys that are limited to some names may call it.</summary>
    public bool Scoped { get; init; }
}

/// <summary>The clock starts the function.</summary>
/// <param name="Schedule">The schedule as written, <c>%Setting%</c> not expanded.</param>
/// <param name="UseMonitor">Whether missed occurrences are caught up.</param>
/// <param name="RunOnStartup">Whether it also runs when the host starts.</param>
public sealed record TimerTriggerDefinition(string Schedule, bool UseMonitor, bool RunOnStartup) : TriggerDefinition
{
    /// <summary>Which missed occurrences run.</summary>
    public CatchUp CatchUp { get; init; } = CatchUp.Last;

    /// <summary>How many run with <see cref="Worker.CatchUp.All"/>.</summary>
    public int CatchUpLimit { get; init; } = 10;
}

/// <summary>A queue message starts the function.</summary>
/// <param name="QueueName">The queue as written, <c>%Setting%</c> not expanded.</param>
public sealed record QueueTriggerDefinition(string QueueName) : TriggerDefinition;

/// <summary>A RabbitMQ message starts the function.</summary>
/// <param name="QueueName">The queue as written, <c>%Setting%</c> not expanded.</param>
public sealed record RabbitMQTriggerDefinition(string QueueName) : TriggerDefinition
{
    /// <summary>Whether a process takes one message after the other.</summary>
    public bool OneAtATime { get; init; }

    /// <summary>Whether the function heeds what its sender may act on.</summary>
    public bool Scoped { get; init; }
}

/// <summary>The return value is sent to a RabbitMQ queue.</summary>
/// <param name="QueueName">The queue as written, <c>%Setting%</c> not expanded.</param>
public sealed record RabbitMQOutputDefinition(string QueueName);

/// <summary>When a failed invocation runs again.</summary>
/// <param name="MaxRetryCount">How many times; -1 without end.</param>
/// <param name="MinimumInterval">The first delay.</param>
/// <param name="MaximumInterval">The longest delay; equal to the first for a fixed delay.</param>
public sealed record RetryPolicy(int MaxRetryCount, TimeSpan MinimumInterval, TimeSpan MaximumInterval);
