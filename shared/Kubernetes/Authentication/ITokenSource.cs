namespace Ebb.Kubernetes.Authentication;

/// <summary>Where bearer tokens come from.</summary>
internal interface ITokenSource
{
    /// <summary>The token to send; null when this source shows a certificate instead.</summary>
    /// <exception cref="KubernetesException">There is none (<see cref="KubernetesFault.Credential"/>).</exception>
    ValueTask<string?> GetAsync(CancellationToken cancellationToken);

    /// <summary>Whether there is another credential than the one that was refused.</summary>
    ValueTask<bool> TryReplaceAsync(string? refused, CancellationToken cancellationToken);
}
