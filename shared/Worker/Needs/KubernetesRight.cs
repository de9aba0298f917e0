namespace Ebb.Worker;

/// <summary>A rule of a Role or a ClusterRole.</summary>
public sealed record KubernetesRight
{
    /// <summary>The API group, such as <c>argoproj.io</c>; empty for the core group.</summary>
    public required string ApiGroup { get; init; }

    /// <summary>The resources, in small letters and the plural.</summary>
    public required IReadOnlyList<string> Resources { get; init; }

    /// <summary>The verbs. <c>*</c> is refused: name them.</summary>
    public required IReadOnlyList<string> Verbs { get; init; }

    /// <summary>Only objects with these names; none means all.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>
    /// The namespace it holds in; null (default) for the app's own, <see cref="EveryNamespace"/> for all of them and for resources
    /// that are in none.
    /// </summary>
    public string? Namespace { get; init; }

    /// <summary>What every write by this right must fulfil. A right that writes has at least one, or no manifests are made.</summary>
    public IReadOnlyList<WriteRule> Rules { get; init; } = [];

    /// <summary>Makes the rule one of a ClusterRole.</summary>
    public const string EveryNamespace = "*";
}
