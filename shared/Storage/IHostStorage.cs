namespace Ebb.Storage;

/// <summary>
/// What the runtime keeps: queues, schedules, documents and runs. Every operation that reports success is durable
/// (fsync for SQLite, commit for PostgreSQL) unless its documentation says otherwise.
/// </summary>
public interface IHostStorage : IAsyncDisposable
{
    /// <summary>At-least-once message queues.</summary>
    IQueueStore Queues { get; }

    /// <summary>Which occurrence of each timer ran.</summary>
    IScheduleStore Schedules { get; }

    /// <summary>Small JSON documents with compare-and-set.</summary>
    IDocumentStore Documents { get; }

    /// <summary>The record of every invocation.</summary>
    IRunStore Runs { get; }
}
