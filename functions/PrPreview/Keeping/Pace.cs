namespace Ebb.PrPreview.Keeping;

/// <summary>How long a run waits between two looks: a tenth of what it waited already, within bounds.</summary>
/// <param name="Shortest">The first wait.</param>
/// <param name="Longest">The longest.</param>
internal sealed record Pace(TimeSpan Shortest, TimeSpan Longest)
{
    /// <summary>From one second to half a minute.</summary>
    public static Pace Default { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    public TimeSpan After(TimeSpan waited)
    {
        var pause = waited / 10;
        return pause < Shortest ? Shortest : pause > Longest ? Longest : pause;
    }
}
