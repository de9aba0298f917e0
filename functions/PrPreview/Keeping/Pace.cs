namespace Ebb.PrPreview.Keeping;

/// <summary>How long a run waits between two looks: a tenth of what it waited already, within bounds.</summary>
/// <param name="Shortest">The first wait.</param>
/// <param name="Longest">The longest.</param>
internal sealed record Pace(TimeSpan Shortest, TimeSpan Longest)
{
    /// <summary>From one second to half a minute.</summary>
    public static Pace Default { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    /// <summary>
    /// How long a run waits without reading its pull request again: a webhook may be lost. 400 previews that wait ask 4,800 times an hour,
    /// which is less than GitHub's 5,000.
    /// </summary>
    public TimeSpan Unasked { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a pull request may take to be told of one state: an attempt tells up to three, and there is one and a half minutes for all of it.
    /// </summary>
    public TimeSpan Telling { get; init; } = TimeSpan.FromSeconds(15);

    public TimeSpan After(TimeSpan waited)
    {
        var pause = waited / 10;
        return pause < Shortest ? Shortest : pause > Longest ? Longest : pause;
    }
}
