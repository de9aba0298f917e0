namespace Ebb.Storage.Sqlite;

/// <summary>What a caller asks of the store: run with others in one transaction, answered once that is committed.</summary>
internal abstract class Operation(bool writes, bool flushes)
{
    /// <summary>Whether it changes anything.</summary>
    public bool Writes => writes;

    /// <summary>Whether its answer waits until what it changed is on the disk.</summary>
    public bool Flushes => flushes;

    public abstract void Run(Work work);

    /// <summary>Answers the caller with what the last <see cref="Run"/> gave.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception error);
}

/// <summary>An operation with an answer.</summary>
internal sealed class Operation<T>(Func<Work, T> run, bool writes, bool flushes) : Operation(writes, flushes)
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Answer => _answer.Task;

    public override void Run(Work work) => _result = run(work);

    public override void Complete() => _answer.TrySetResult(_result!);

    public override void Fail(Exception error) => _answer.TrySetException(error);
}
