using Microsoft.Extensions.Configuration;

namespace Ebb.SecretBump.Policies;

/// <summary>The section <c>SecretBump</c>.</summary>
public sealed record BumpOptions
{
    /// <summary>The key that holds the tag. Default <c>METADATA_TAG</c>.</summary>
    public string TagKey { get; init; } = "METADATA_TAG";

    /// <summary>The environments of a bump that names none; empty (default): all that the application has.</summary>
    public IReadOnlyList<string> DefaultEnvironments { get; init; } = [];

    /// <summary>
    /// The image that must exist with the new tag, such as <c>harbor.example.com/{application}/{application}</c>; null (default): none is
    /// asked for.
    /// </summary>
    public string? RequireImage { get; init; }

    /// <summary>The policies by environment; <see cref="PolicyOf"/> knows the others.</summary>
    public IReadOnlyDictionary<string, EnvironmentPolicy> Environments { get; init; } = new Dictionary<string, EnvironmentPolicy>();

    /// <summary>What holds for environments without a policy of their own.</summary>
    public EnvironmentPolicy Default { get; init; } = EnvironmentPolicy.Open;

    /// <summary>How long an unreachable store is asked again within a run. Default 2 minutes.</summary>
    public TimeSpan StorePatience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often a run decides anew because somebody else wrote meanwhile. Default 5, 1 to 100.</summary>
    public int MaxConflicts { get; init; } = 5;

    /// <summary>How long the Kubernetes Secret may take to get the new tag. Default 2 minutes.</summary>
    public TimeSpan SyncTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long the workloads may take to be rolled out. Default 5 minutes.</summary>
    public TimeSpan RolloutTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a new pod may be in trouble before the rollout counts as failed. Default 1 minute.</summary>
    public TimeSpan PodPatience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The file with the worker's age identity, to which the door seals imports; null: imports are refused.</summary>
    public string? ImportIdentityFile { get; init; }

    /// <summary>The policy of an environment, however its name is spelled: a store may take <c>PRD</c> for <c>prd</c>, and no policy is passed by that.</summary>
    public EnvironmentPolicy PolicyOf(string environment) => Environments.GetValueOrDefault(environment, Default);

    /// <summary>The namespace of an application's environment; null: nothing is rolled out there.</summary>
    public string? NamespaceOf(string application, string environment) =>
        PolicyOf(environment).Namespace?.Replace("{application}", application, StringComparison.Ordinal).Replace("{environment}", environment, StringComparison.Ordinal);

    /// <summary>Whether anything is rolled out at all.</summary>
    public bool RollsOut => Default.Namespace is not null || Environments.Values.Any(policy => policy.Namespace is not null);

    /// <summary>How many environments come before this one, by <see cref="EnvironmentPolicy.After"/>.</summary>
    public int DepthOf(string environment)
    {
        var depth = 0;
        for (var before = PolicyOf(environment).After; before is not null && depth <= Environments.Count; before = PolicyOf(before).After)
        {
            depth++;
        }

        return depth;
    }

    /// <summary>Reads the section; every problem is added, and its default taken.</summary>
    public static BumpOptions From(IConfiguration configuration, ICollection<string> problems)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(problems);
        return new BumpOptionsReader(configuration, problems).Read();
    }
}
