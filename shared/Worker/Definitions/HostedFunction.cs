using Ebb.Worker.Timers;

namespace Ebb.Worker.Definitions;

/// <summary>A function as this process hosts it: settings expanded, host defaults applied.</summary>
internal sealed record HostedFunction
{
    public required IndexedFunction Definition { get; init; }

    /// <summary>The app it belongs to.</summary>
    public required string App { get; init; }

    /// <summary>The queue it listens to: its own for queue functions, <c>$timer-{Name}</c> for timers, null for HTTP.</summary>
    public string? Queue { get; init; }

    /// <summary>The RabbitMQ queue it listens to.</summary>
    public string? BrokerQueue { get; init; }

    /// <summary>Where its return value, or properties of it, go.</summary>
    public IReadOnlyList<HostedOutput> Outputs { get; init; } = [];

    /// <summary>The schedule of a timer.</summary>
    public ScheduledTimer? Timer { get; init; }

    /// <summary>The URL path of an HTTP function, with prefix and a leading slash.</summary>
    public string? Route { get; init; }

    /// <summary>The function's retry policy, else the host's.</summary>
    public RetryPolicy? Retry { get; init; }

    public string Name => Definition.Name;

    public bool IsTimer => Definition.Trigger is TimerTriggerDefinition;

    /// <summary>Why it is off, such as <c>PrPreview:Domain is not set</c>; null when it is on.</summary>
    public string? Off { get; init; }

    public bool IsHttp => Definition.Trigger is HttpTriggerDefinition;

    /// <summary>The trigger's kind as people and Azure Functions write it.</summary>
    public string TriggerName => Definition.Trigger.Type;
}

/// <summary>An output as this process sends it.</summary>
/// <param name="Name">As <see cref="OutputDefinition.Name"/>.</param>
/// <param name="Queue">The queue, settings expanded.</param>
/// <param name="IsBroker">Whether the queue is RabbitMQ's; else it is one of host storage.</param>
internal sealed record HostedOutput(string Name, string Queue, bool IsBroker);
