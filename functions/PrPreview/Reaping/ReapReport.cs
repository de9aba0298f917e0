namespace Ebb.PrPreview.Reaping;

/// <summary>What a run of the reaper found and did.</summary>
public sealed record ReapReport
{
    /// <summary>True when nothing was changed.</summary>
    public required bool DryRun { get; init; }

    /// <summary>Previews that it asked to be removed, with the reason.</summary>
    public required IReadOnlyList<ReapLine> Removed { get; init; }

    /// <summary>Previews that are to be removed too, and are left for the next run.</summary>
    public required IReadOnlyList<ReapLine> Deferred { get; init; }

    /// <summary>Previews whose authors were warned.</summary>
    public required IReadOnlyList<ReapLine> Warned { get; init; }

    /// <summary>Previews for whose robot accounts it asked for new ones.</summary>
    public IReadOnlyList<ReapLine> Renewed { get; init; } = [];

    /// <summary>Previews that had failed and run all the same; it asked for another look, which corrects what is told of them.</summary>
    public IReadOnlyList<ReapLine> Recovered { get; init; } = [];

    /// <summary>Previews of which their hosts said nothing that can be relied on; they stay.</summary>
    public required IReadOnlyList<ReapLine> Unknown { get; init; }

    /// <summary>Previews whose documents cannot be read, with what to do; nothing was done about them, and the run failed.</summary>
    public IReadOnlyList<ReapLine> Unreadable { get; init; } = [];

    /// <summary>Namespaces with the mark of a preview that nothing is known of. They are left for people to look at.</summary>
    public required IReadOnlyList<string> Strays { get; init; }
}

/// <summary>A preview in a <see cref="ReapReport"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Why">Why it is in that list.</param>
public sealed record ReapLine(string Name, string Why);
