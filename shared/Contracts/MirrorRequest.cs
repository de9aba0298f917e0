namespace Ebb.Contracts;

/// <summary>
/// Asks ImageMirror to bring images into the target registry. An empty request means the configured list. The target
/// is always the configured one: a caller must not be able to make the mirror's credentials push elsewhere.
/// </summary>
public sealed record MirrorRequest
{
    /// <summary>The images to mirror; null means those of <c>ImageMirror:ImagesFile</c>.</summary>
    public IReadOnlyList<MirrorImage>? Images { get; init; }

    /// <summary>Shows exactly what would happen and writes nothing.</summary>
    public bool DryRun { get; init; }
}
