namespace Ebb.Kubernetes.Authentication;

/// <summary>A token that never changes.</summary>
internal sealed class StaticToken(string? token) : ITokenSource
{
    public ValueTask<string?> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(token);

    public ValueTask<bool> TryReplaceAsync(string? refused, CancellationToken cancellationToken) => ValueTask.FromResult(false);
}
