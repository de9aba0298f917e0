using Ebb.Storage.File;

namespace Ebb.Storage.Tests.Journal;

/// <summary>A journal on a disk that fails when the test says so.</summary>
internal sealed class FaultyJournalDirectory(string path) : JournalDirectory(path)
{
    private int _steps = int.MaxValue;

    /// <summary>How many more bytes fit; what is beyond is written in part.</summary>
    public long FreeBytes { get; set; } = long.MaxValue;

    /// <summary>Fsync fails.</summary>
    public bool RefusesFlush { get; set; }

    /// <summary>Completes an fsync only when this is set.</summary>
    public ManualResetEventSlim FlushGate { get; } = new(true);

    /// <summary>After this many steps of a compaction nothing happens on the disk any more, as after a power failure.</summary>
    public int StepsUntilCrash
    {
        get => _steps;
        set => _steps = value;
    }

    public bool Crashed => _steps <= 0;

    public override void Publish(JournalFile file)
    {
        Step();
        base.Publish(file);
        Step();
    }

    public override void SyncDirectory()
    {
        Step();
        base.SyncDirectory();
    }

    public override void Delete(string file)
    {
        Step();
        base.Delete(file);
    }

    protected override JournalFile Open(string file, FileMode mode)
    {
        Step();
        return new FaultyJournalFile(this, file, mode);
    }

    private void Step()
    {
        if (_steps != int.MaxValue && _steps-- <= 0)
            throw new IOException("the power is off");
    }

    private sealed class FaultyJournalFile(FaultyJournalDirectory disk, string path, FileMode mode) : JournalFile(path, mode)
    {
        private bool IsNew => Path.EndsWith(".tmp", StringComparison.Ordinal);

        public override void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            if (IsNew || disk.Crashed)
                disk.Step();
            if (bytes.Length <= disk.FreeBytes)
            {
                base.Write(bytes, offset);
                if (disk.FreeBytes != long.MaxValue)
                    disk.FreeBytes -= bytes.Length;
                return;
            }
            base.Write(bytes[..(int)disk.FreeBytes], offset);
            disk.FreeBytes = 0;
            throw new IOException("No space left on device");
        }

        public override void Flush()
        {
            disk.FlushGate.Wait();
            if (IsNew || disk.Crashed)
                disk.Step();
            if (disk.RefusesFlush)
                throw new IOException("Input/output error");
            base.Flush();
        }
    }
}
