namespace Ebb.Storage.Roles;

/// <summary>
/// A database role and what its process does in host storage. It is granted that and nothing else: the role that owns the schema
/// (<c>storage migrate</c>) can do everything, every other one what stands here.
/// </summary>
public sealed record StorageRole
{
    /// <summary>The role: 1 to 63 lower-case letters, digits and <c>_</c>. It exists already; no password is kept here.</summary>
    public required string Name { get; init; }

    /// <summary>The functions whose runs it records: those that no queue carries (HTTP, RabbitMQ).</summary>
    public IReadOnlyList<string> Functions { get; init => field = value ?? []; } = [];

    /// <summary>The queues it takes from, those of its timers (<see cref="ScheduleState.QueueOf"/>) among them.</summary>
    public IReadOnlyList<string> Takes { get; init => field = value ?? []; } = [];

    /// <summary>
    /// The queues of others that it sends to. A sender that also <see cref="Takes"/> can give those messages no sequence key: it would have
    /// to see what waits there.
    /// </summary>
    public IReadOnlyList<string> Sends { get; init => field = value ?? []; } = [];

    /// <summary>The timers whose state it keeps.</summary>
    public IReadOnlyList<string> Timers { get; init => field = value ?? []; } = [];

    /// <summary>What the keys of the documents begin with that it writes and reads.</summary>
    public IReadOnlyList<string> Writes { get; init => field = value ?? []; } = [];

    /// <summary>What the keys of the documents begin with that it only reads.</summary>
    public IReadOnlyList<string> Reads { get; init => field = value ?? []; } = [];

    /// <summary>
    /// Whether it sees every run, every timer and what waits in every queue, but no message's body. Not for one that <see cref="Takes"/>.
    /// </summary>
    public bool Watches { get; init; }
}
