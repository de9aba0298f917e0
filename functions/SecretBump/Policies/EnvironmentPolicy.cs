namespace Ebb.SecretBump.Policies;

/// <summary>What holds for one environment: <c>SecretBump:Environments:&lt;name&gt;</c>.</summary>
public sealed record EnvironmentPolicy
{
    /// <summary>Automatic, at any time, after nothing, without a rollout.</summary>
    public static EnvironmentPolicy Open { get; } = new();

    /// <summary>Whether a bump waits for a second key (<c>Policy</c>: <c>automatic</c> or <c>approval</c>). Default false.</summary>
    public bool Approval { get; init; }

    /// <summary>When the tag may be changed (<c>Window</c>, such as <c>Mon-Fri 08:00-16:00</c>); null: always.</summary>
    public DeploymentWindow? Window { get; init; }

    /// <summary>The environment in which a tag must have run healthily before (<c>After</c>); null: none.</summary>
    public string? After { get; init; }

    /// <summary>Whether a rollout that fails brings the version before it back (<c>AutoRollback</c>). Default false.</summary>
    public bool AutoRollback { get; init; }

    /// <summary>What Stakater Reloader restarts there (<c>Reloader</c>: <c>annotated</c>, <c>all</c> or <c>off</c>). Default <see cref="ReloaderMode.Annotated"/>.</summary>
    public ReloaderMode Reloader { get; init; }

    /// <summary>
    /// The namespace in which the application runs (<c>Namespace</c>), with <c>{application}</c> and <c>{environment}</c>; null: nothing is
    /// rolled out, the change ends with the write.
    /// </summary>
    public string? Namespace { get; init; }
}
