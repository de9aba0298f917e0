namespace Ebb.Worker;

/// <summary>A Kubernetes Secret, mounted as files.</summary>
public sealed record SecretNeed
{
    /// <summary>The Secret's name, such as <c>ebb-signing</c>.</summary>
    public required string Secret { get; init; }

    /// <summary>Where its keys are mounted, a file each.</summary>
    public required string Directory { get; init; }

    /// <summary>The keys to mount; none means all of them.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Whether the pod starts without it. Default false.</summary>
    public bool Optional { get; init; }
}
