namespace Ebb.Contracts.Secrets;

/// <summary>
/// What SecretBump knows of one environment of an application, kept in host storage under <see cref="KeyOf"/>. The worker writes it, the
/// door shows it. Holds tags and names, no value of a secret.
/// </summary>
public sealed record EnvironmentDocument
{
    /// <summary>Before every key.</summary>
    public const string Prefix = "secrets/";

    /// <summary>How many changes are remembered.</summary>
    public const int MaxChanges = 100;

    /// <summary>How many runs are remembered.</summary>
    public const int MaxRuns = 50;

    /// <summary>The application.</summary>
    public required string Application { get; init; }

    /// <summary>The environment.</summary>
    public required string Environment { get; init; }

    /// <summary>The store's current version; null when nothing was seen yet.</summary>
    public string? CurrentVersion { get; init; }

    /// <summary>The tag of the current version; null when it has none, or was deleted.</summary>
    public string? CurrentTag { get; init; }

    /// <summary>The versions that can be deployed: not deleted, not destroyed, with a tag; newest first.</summary>
    public IReadOnlyList<DeployableVersion> Versions { get; init; } = [];

    /// <summary>The changes that SecretBump made, newest first, at most <see cref="MaxChanges"/>.</summary>
    public IReadOnlyList<MadeChange> Changes { get; init; } = [];

    /// <summary>The version that was last found to be running healthily; null when none was.</summary>
    public string? HealthyVersion { get; init; }

    /// <summary>The pin, if there is one.</summary>
    public Pin? Pin { get; init; }

    /// <summary>The bump that waits for a second key, if one does.</summary>
    public PendingApproval? Pending { get; init; }

    /// <summary>A change that was begun; whoever continues it after a crash finds here what was before.</summary>
    public BegunChange? Begun { get; init; }

    /// <summary>A version whose rollout was begun though the change is not ours; whoever continues it finds here what was before.</summary>
    public FollowedVersion? Followed { get; init; }

    /// <summary>
    /// The runs that began to act on the environment, newest first, at most <see cref="MaxRuns"/>. One that comes again while it is not the
    /// newest was overtaken.
    /// </summary>
    public IReadOnlyList<string> Runs { get; init; } = [];

    /// <summary>When the store was last looked at; null when only changes were noted yet.</summary>
    public DateTimeOffset? ReadAt { get; init; }

    /// <summary>The key of an environment's document.</summary>
    public static string KeyOf(string application, string environment) => $"{PrefixOf(application)}{environment}";

    /// <summary>What the keys of an application's documents begin with.</summary>
    public static string PrefixOf(string application) => $"{Prefix}{application}/";
}

/// <summary>A version that can be deployed.</summary>
/// <param name="Version">As the store counts: a number in Vault, 32 hexadecimal digits in Azure Key Vault.</param>
/// <param name="Tag">The tag it holds.</param>
/// <param name="CreatedAt">When it was written.</param>
public sealed record DeployableVersion(string Version, string Tag, DateTimeOffset CreatedAt);

/// <summary>A change that SecretBump made.</summary>
public sealed record MadeChange
{
    /// <summary>The version it wrote; empty while that is not known.</summary>
    public string Version { get; init; } = "";

    /// <summary>The version before it; null when there was none.</summary>
    public string? From { get; init; }

    /// <summary><c>bump</c>, <c>rollback</c> or <c>import</c>.</summary>
    public required string Change { get; init; }

    /// <summary>The tag the version holds.</summary>
    public string? Tag { get; init; }

    /// <summary>Who asked: the name of a function key.</summary>
    public string? By { get; init; }

    /// <summary>Who approved it.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>The build.</summary>
    public string? Build { get; init; }

    /// <summary>The commit.</summary>
    public string? Commit { get; init; }

    /// <summary>The run that made it.</summary>
    public required string Run { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Whether it was found to be running healthily.</summary>
    public bool Healthy { get; init; }
}

/// <summary>What keeps bumps from changing the tag.</summary>
/// <param name="Tag">The tag that is kept.</param>
/// <param name="By">Who pinned it.</param>
/// <param name="At">When.</param>
/// <param name="Reason">Why.</param>
public sealed record Pin(string Tag, string? By, DateTimeOffset At, string? Reason);

/// <summary>A bump that waits for a second key.</summary>
/// <param name="Tag">The tag.</param>
/// <param name="By">Who asked.</param>
/// <param name="At">When.</param>
/// <param name="Build">The build.</param>
/// <param name="Commit">The commit.</param>
/// <param name="Run">The run that asked.</param>
public sealed record PendingApproval(string Tag, string? By, DateTimeOffset At, string? Build, string? Commit, string Run);

/// <summary>A change that was begun: whoever continues it after a crash finds here what was before.</summary>
/// <param name="Change">The change, to be noted among <see cref="EnvironmentDocument.Changes"/> once its version is seen in the store.</param>
/// <param name="Workloads">What the workloads' pod templates were, as fingerprints by <c>Kind/name</c>.</param>
/// <param name="Secrets">What the Kubernetes Secrets held, as fingerprints by name; null: nobody looked.</param>
public sealed record BegunChange(MadeChange Change, IReadOnlyDictionary<string, string> Workloads, IReadOnlyDictionary<string, string>? Secrets = null);

/// <summary>A version that somebody else wrote, and what was in the cluster before it was brought there.</summary>
/// <param name="Version">The version.</param>
/// <param name="Workloads">What the workloads' pod templates were, as fingerprints by <c>Kind/name</c>.</param>
/// <param name="Secrets">What the Kubernetes Secrets held, as fingerprints by name.</param>
public sealed record FollowedVersion(string Version, IReadOnlyDictionary<string, string> Workloads, IReadOnlyDictionary<string, string> Secrets);
