using Ebb.Contracts;
using Ebb.ImageMirror.Adhoc;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>What one run is to bring: images that the list approves, or images outside it.</summary>
public sealed record MirrorOrder
{
    /// <summary>The registry and path to mirror into.</summary>
    public required string Target { get; init; }

    /// <summary>The images, checked.</summary>
    public required IReadOnlyList<MirrorImage> Images { get; init; }

    /// <summary>
    /// Set when the images are outside the list, by the rules that allow them: then the platform's key signs none of them, and their
    /// sources see the mirror's credentials only where a rule says so.
    /// </summary>
    public AdhocOptions? Adhoc { get; init; }

    /// <summary>Only finds out what would happen.</summary>
    public bool DryRun { get; init; }
}
