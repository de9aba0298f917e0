namespace Ebb.Kubernetes.Authentication;

/// <summary>
/// A token in a file that somebody else keeps fresh: the kubelet replaces a service account's token at 80 % of its lifetime
/// (Kubernetes, Managing Service Accounts). Read for every request; the file is small and in memory, and a clock of our own
/// would be one more thing to be wrong.
/// </summary>
internal sealed class TokenFile(string path, string source) : ITokenSource
{
    private const int MaxFileBytes = 64 * 1024;

    public async ValueTask<string?> GetAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (new FileInfo(path).Length > MaxFileBytes)
            {
                throw Failure($"has more than {MaxFileBytes} bytes");
            }

            var text = (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
            return text.Length > 0 && text.All(c => c is > ' ' and < (char)127) ? text : throw Failure("is empty or holds more than a token");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Failure($"cannot be read: {exception.Message}", exception);
        }
    }

    public async ValueTask<bool> TryReplaceAsync(string? refused, CancellationToken cancellationToken) => await GetAsync(cancellationToken) != refused;

    private KubernetesException Failure(string problem, Exception? inner = null) =>
        new($"The token file {path} of {source} {problem}.", KubernetesFault.Credential, inner);
}
