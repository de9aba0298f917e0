using Ebb.Storage.State;

namespace Ebb.Storage.File;

/// <summary>Host storage in a directory, for one process.</summary>
internal sealed class FileHostStorage(FileEngine engine, TimeProvider time) : IHostStorage
{
    public IQueueStore Queues { get; } = new FileQueueStore(engine, time);

    public IScheduleStore Schedules { get; } = new FileScheduleStore(engine, time);

    public IDocumentStore Documents { get; } = new FileDocumentStore(engine);

    public IRunStore Runs { get; } = new FileRunStore(engine, time);

    public static FileHostStorage Open(string directory, HostStorageOptions options, TimeProvider time)
    {
        Directory.CreateDirectory(directory);
        var journal = Journal.Open(Path.Combine(directory, "journal"));
        var state = new HostState();
        var now = Instant.Now(time);
        foreach (var entry in journal.Replay())
            state.Apply(entry, now);
        List<JournalEntry> left = [.. state.DecideLapses(now, all: true), .. state.DecideOrphans(now)];
        if (left.Count > 0)
            journal.Append(left);
        left.ForEach(entry => state.Apply(entry, now));
        return new(new(journal, state, options, time), time);
    }

    public ValueTask DisposeAsync() => engine.DisposeAsync();
}
