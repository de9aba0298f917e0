namespace Ebb.Kubernetes;

/// <summary>A program that gives credentials (Kubernetes, client-go credential plugins; <c>client.authentication.k8s.io</c> v1 and v1beta1).</summary>
public sealed record ExecOptions
{
    /// <summary><c>client.authentication.k8s.io/v1</c> or <c>…/v1beta1</c>.</summary>
    public required string ApiVersion { get; init; }

    /// <summary>The program; with a slash relative to the kubeconfig file, without one looked for in PATH.</summary>
    public required string Command { get; init; }

    /// <summary>Its arguments, each passed as it is.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Variables added to its environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Tells the program which cluster it is for (<c>provideClusterInfo</c>). Default false.</summary>
    public bool ProvideClusterInfo { get; init; }

    /// <summary>What to do when the program is missing (<c>installHint</c>).</summary>
    public string? InstallHint { get; init; }

    /// <summary>How long it may take. Default one minute.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The program's name; its arguments and environment may hold secrets.</summary>
    public override string ToString() => Command;
}
