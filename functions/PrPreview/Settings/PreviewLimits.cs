using Ebb.Settings;

namespace Ebb.PrPreview.Settings;

/// <summary>How many previews there may be, and how long things may take.</summary>
internal sealed record PreviewLimits
{
    /// <summary><c>MaxPerRepository</c>: previews of one repository at once. Default 10.</summary>
    public required int MaxPerRepository { get; init; }

    /// <summary><c>MaxTotal</c>: previews at once. Default 50.</summary>
    public required int MaxTotal { get; init; }

    /// <summary><c>ImageTimeout</c>: how long the pipeline may take to push an image. Default one hour.</summary>
    public required TimeSpan ImageTimeout { get; init; }

    /// <summary><c>StartTimeout</c>: how long Argo CD may take until the commit runs. Default 15 minutes.</summary>
    public required TimeSpan StartTimeout { get; init; }

    /// <summary><c>RemoveTimeout</c>: how long a removal may take before the run fails; the reaper takes it up again. Default 15 minutes.</summary>
    public required TimeSpan RemoveTimeout { get; init; }

    /// <summary><c>PlaceTimeout</c>: how long a pull request waits for a place. Default one day.</summary>
    public required TimeSpan PlaceTimeout { get; init; }

    public static PreviewLimits From(SettingsReader read) => new()
    {
        MaxPerRepository = read.Number("MaxPerRepository", 10, 1, 10_000),
        MaxTotal = read.Number("MaxTotal", 50, 1, 10_000),
        ImageTimeout = read.Duration("ImageTimeout", TimeSpan.FromHours(1), TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
        StartTimeout = read.Duration("StartTimeout", TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
        RemoveTimeout = read.Duration("RemoveTimeout", TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
        PlaceTimeout = read.Duration("PlaceTimeout", TimeSpan.FromDays(1), TimeSpan.FromMinutes(1), TimeSpan.FromDays(7)),
    };
}
