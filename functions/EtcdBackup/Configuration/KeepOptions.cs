namespace Ebb.EtcdBackup.Configuration;

/// <summary>
/// What retention keeps (<c>EtcdBackup:Keep</c>): the newest verified backup of each of so many days, weeks and months that have one.
/// The newest of all is kept whatever this says.
/// </summary>
public sealed record KeepOptions
{
    /// <summary>Days. Default 7, 1 to 3650.</summary>
    public int Daily { get; init; } = 7;

    /// <summary>Weeks, which begin on Monday. Default 4, 0 to 520.</summary>
    public int Weekly { get; init; } = 4;

    /// <summary>Months. Default 12, 0 to 240.</summary>
    public int Monthly { get; init; } = 12;
}
