namespace Ebb.Storage.State;

/// <summary>The message of a run that is not over, or that is poisoned.</summary>
internal sealed class Message(RunEntry run, string body, long order)
{
    public RunEntry Run { get; } = run;

    public string Body { get; } = body;

    /// <summary>Its position in the queue.</summary>
    public long Order { get; set; } = order;

    public MessagePlace Place { get; set; }

    public int DequeueCount { get; set; }

    public DateTimeOffset VisibleAt { get; set; }

    public TimeSpan Delay { get; set; }

    /// <summary>Whether it was handed back to wait for something else, and not for its turn or its next try.</summary>
    public bool Postponed { get; set; }

    /// <summary>The monotonic time at which it becomes visible, or under a lease at which that lapses.</summary>
    public TimeSpan Due { get; set; }

    public Guid LeaseToken { get; set; }

    public DateTimeOffset LeaseExpiresAt { get; set; }

    public TimeSpan LeaseDuration { get; set; }

    public string? TraceParent { get; init; }

    public string? TraceState { get; init; }

    public string? SequenceKey => Run.Run.SequenceKey;

    public static Comparer<Message> ByOrder { get; } =
        Comparer<Message>.Create(static (left, right) => left.Order.CompareTo(right.Order));

    public static Comparer<Message> ByDue { get; } = Comparer<Message>.Create(static (left, right) =>
        left.Due.CompareTo(right.Due) is not 0 and var due ? due : left.Order.CompareTo(right.Order));
}

/// <summary>Where a message is.</summary>
internal enum MessagePlace
{
    /// <summary>In no index: it is being moved.</summary>
    Nowhere,

    /// <summary>It can be taken.</summary>
    Ready,

    /// <summary>It waits for its time.</summary>
    Delayed,

    /// <summary>It waits for its predecessor with the same sequence key.</summary>
    Blocked,

    /// <summary>It is under a lease.</summary>
    Leased,

    /// <summary>It is in the poison queue.</summary>
    Poisoned,
}
