using Ebb.Contracts.Images;

namespace Ebb.Contracts;

/// <summary>
/// Asks ImageMirror to bring images into the target registry. It selects from the list of approved images and defines nothing; an
/// empty request means the whole list. Source, target and signature are never a caller's to choose.
/// </summary>
public sealed record MirrorRequest
{
    /// <summary>How it is asked for. Requests that write run one at a time, on however many replicas.</summary>
    public static Command<MirrorRequest> Command { get; } = new(Queues.ImageMirror, ContractsJson.Default.MirrorRequest, MirrorRequestReader.Read)
    {
        MaxBytes = MirrorRequestReader.MaxBytes,
        SequenceKey = request => request.DryRun ? null : "write",
    };

    /// <summary>Which of the list's images to mirror; null means all of them, unless <see cref="Adhoc"/> names others.</summary>
    public IReadOnlyList<ImageSelection>? Images { get; init; }

    /// <summary>
    /// Images outside the list, where <c>ImageMirror:Adhoc</c> allows their sources; null for none. Never together with
    /// <see cref="Images"/>: what one run brings is all approved, or none of it is.
    /// </summary>
    public IReadOnlyList<AdhocImage>? Adhoc { get; init; }

    /// <summary>Shows exactly what would happen and writes nothing.</summary>
    public bool DryRun { get; init; }
}

/// <summary>Images of the list, by the name they have there.</summary>
public sealed record ImageSelection
{
    /// <summary>The repository's name under the target: what the list's entry calls <c>name</c>, else the last part of its source.</summary>
    public required string Name { get; init; }

    /// <summary>Tags that an entry of that name allows; null means all that its entries give.</summary>
    public IReadOnlyList<string>? Tags { get; init; }
}

/// <summary>An image outside the list.</summary>
public sealed record AdhocImage
{
    /// <summary>The upstream repository, optionally with the digest that it shall have: <c>quay.io/team/tool</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The tags to mirror.</summary>
    public required IReadOnlyList<string> Tags { get; init; }
}
