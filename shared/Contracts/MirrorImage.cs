namespace Ebb.Contracts;

/// <summary>An approved image: one entry of the list <c>images.yaml</c>.</summary>
public sealed record MirrorImage
{
    /// <summary>How many matching tags are taken when <see cref="Newest"/> is not given.</summary>
    public const int DefaultNewest = 3;

    /// <summary>The upstream repository, optionally with the approved digest: <c>docker.io/library/alpine</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The repository name under the target; null means the last segment of the source.</summary>
    public string? Name { get; init; }

    /// <summary>The repository name under the target: <see cref="Name"/>, else the last segment of the source.</summary>
    public string TargetName => Name ?? Source.Split('@')[0].Split('/')[^1];

    /// <summary>The tags to mirror.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>A version range such as <c>&gt;=15 &lt;18</c>; the newest tags that match are mirrored.</summary>
    public string? Semver { get; init; }

    /// <summary>A regular expression for whole tags; the newest that match are mirrored.</summary>
    public string? Regex { get; init; }

    /// <summary>How many of the matching tags to take, newest first: 1 to 100. Default 3.</summary>
    public int? Newest { get; init; }

    /// <summary>The platforms to keep, such as <c>linux/amd64</c>; null means all, digest preserved.</summary>
    public IReadOnlyList<string>? Platforms { get; init; }

    /// <summary>Copies referrers and <c>.sig</c>/<c>.att</c> tags along.</summary>
    public bool Referrers { get; init; }
}
