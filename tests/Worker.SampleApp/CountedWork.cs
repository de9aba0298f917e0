namespace Ebb.Worker.SampleApp;

/// <summary>Tells the sample what to do and write down.</summary>
public sealed record CountedWork
{
    /// <summary>What groups the work in the journal: its sequence key, or a name of its own.</summary>
    public required string Key { get; init; }

    public int Number { get; init; }

    public int Milliseconds { get; init; }

    public bool Fails { get; init; }
}
