namespace Ebb.Scaler.Metadata;

/// <summary>What a ScaledObject's metadata says: an app and what wakes it.</summary>
internal sealed record ScaledApp
{
    /// <summary>The ScaledObject as <c>namespace/name</c>, for messages.</summary>
    public required string ScaledObject { get; init; }

    /// <summary><c>app</c>: its name.</summary>
    public required string App { get; init; }

    /// <summary><c>queues</c>: the queues its functions listen to.</summary>
    public required IReadOnlyList<string> Queues { get; init; }

    /// <summary><c>timers</c>: its timer functions.</summary>
    public required IReadOnlyList<ScaledTimer> Timers { get; init; }

    /// <summary><c>lead</c>: how long before a timer is due a pod is wanted.</summary>
    public required TimeSpan Lead { get; init; }

    /// <summary><c>target</c>: messages per replica.</summary>
    public required int Target { get; init; }

    /// <summary>Every queue whose messages wake it: its own and those of its timers.</summary>
    public required IReadOnlyList<string> AllQueues { get; init; }

    /// <summary>The name of its metric: valid in a URL path and a label, and the same for as long as the app is.</summary>
    public string MetricName =>
        "ebb-" + string.Concat(App.Select(character => char.IsAsciiLetterOrDigit(character) ? char.ToLowerInvariant(character) : '-'));
}
