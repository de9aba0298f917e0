namespace Ebb.Contracts.Secrets;

/// <summary>The answer of <c>GET /api/apps</c>.</summary>
/// <param name="Applications">The applications by name.</param>
public sealed record AppList(IReadOnlyList<AppView> Applications);

/// <summary>An application.</summary>
/// <param name="Application">Its name.</param>
/// <param name="Environments">Its environments by name.</param>
public sealed record AppView(string Application, IReadOnlyList<AppEnvironment> Environments)
{
    /// <summary>The view of an application's documents.</summary>
    public static AppView Of(string application, IEnumerable<EnvironmentDocument> documents) => new(
        application, [.. documents.OrderBy(document => document.Environment, StringComparer.Ordinal).Select(AppEnvironment.Of)]);
}

/// <summary>An environment of an application.</summary>
public sealed record AppEnvironment
{
    /// <summary>Its name.</summary>
    public required string Environment { get; init; }

    /// <summary>The tag of the current version; missing when it has none, or was deleted.</summary>
    public string? Tag { get; init; }

    /// <summary>The current version; missing when nothing was seen yet.</summary>
    public string? Version { get; init; }

    /// <summary>Whether the current version was seen running healthily.</summary>
    public required bool Healthy { get; init; }

    /// <summary>The pin, if there is one.</summary>
    public Pin? Pin { get; init; }

    /// <summary>The bump that waits for a second key, if one does.</summary>
    public PendingApproval? Pending { get; init; }

    /// <summary>When the store was last looked at; missing when only changes were noted yet.</summary>
    public DateTimeOffset? ReadAt { get; init; }

    /// <summary>The view of a document.</summary>
    public static AppEnvironment Of(EnvironmentDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return new AppEnvironment
        {
            Environment = document.Environment,
            Tag = document.CurrentTag,
            Version = document.CurrentVersion,
            Healthy = document.CurrentVersion is not null && document.HealthyVersion == document.CurrentVersion,
            Pin = document.Pin,
            Pending = document.Pending,
            ReadAt = document.ReadAt,
        };
    }
}

/// <summary>The answer of <c>GET /api/apps/{app}/{env}/versions</c>.</summary>
/// <param name="Application">The application.</param>
/// <param name="Environment">The environment.</param>
/// <param name="ReadAt">When the store was last looked at; missing when only changes were noted yet.</param>
/// <param name="Versions">The versions that can be deployed, newest first.</param>
public sealed record VersionList(string Application, string Environment, DateTimeOffset? ReadAt, IReadOnlyList<VersionView> Versions)
{
    /// <summary>The view of a document.</summary>
    public static VersionList Of(EnvironmentDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return new(document.Application, document.Environment, document.ReadAt, [.. document.Versions.Select(version => VersionView.Of(version, document))]);
    }
}

/// <summary>A version that can be deployed.</summary>
public sealed record VersionView
{
    /// <summary>The tag it holds.</summary>
    public required string Tag { get; init; }

    /// <summary>As the store counts.</summary>
    public required string Version { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether it is the current one.</summary>
    public required bool Current { get; init; }

    /// <summary>Who asked for it; missing when somebody wrote it past Ebb.</summary>
    public string? By { get; init; }

    /// <summary><c>bump</c>, <c>rollback</c> or <c>import</c>; missing when somebody wrote it past Ebb.</summary>
    public string? Change { get; init; }

    /// <summary>The build.</summary>
    public string? Build { get; init; }

    /// <summary>The commit.</summary>
    public string? Commit { get; init; }

    /// <summary>The run that wrote it.</summary>
    public string? Run { get; init; }

    internal static VersionView Of(DeployableVersion version, EnvironmentDocument document)
    {
        var made = document.Changes.FirstOrDefault(change => change.Version == version.Version);
        return new VersionView
        {
            Tag = version.Tag,
            Version = version.Version,
            CreatedAt = version.CreatedAt,
            Current = version.Version == document.CurrentVersion,
            By = made?.By,
            Change = made?.Change,
            Build = made?.Build,
            Commit = made?.Commit,
            Run = made?.Run,
        };
    }
}
