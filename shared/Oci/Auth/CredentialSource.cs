namespace Ebb.Oci.Auth;

/// <summary>
/// Finds the credential for a repository: our own settings first, then docker's <c>config.json</c>; in each the longest prefix wins
/// (containers-auth.json(5)). Files are read at each login.
/// </summary>
internal sealed class CredentialSource(RegistriesOptions options, TimeProvider time)
{
    private const int MaxPasswordBytes = 64 * 1024;

    /// <summary>The credential, or null for an anonymous login.</summary>
    /// <exception cref="RegistryException">A file or helper that is named cannot be used.</exception>
    public async Task<Credential?> FindAsync(string registry, string? repository, CancellationToken cancellationToken)
    {
        if (options.Anonymous)
        {
            return null;
        }

        var own = options.FindLogin(registry, repository);
        if (own?.Username is not { } username)
        {
            return await new DockerConfig(options.DockerConfigFile, time).FindAsync(registry, repository, cancellationToken);
        }

        return new Credential(username, own.Password ?? await ReadPasswordAsync(own, cancellationToken));
    }

    private static async Task<string> ReadPasswordAsync(RegistryOptions own, CancellationToken cancellationToken)
    {
        if (own.PasswordFile is not { } file)
        {
            return "";
        }

        try
        {
            using var stream = File.OpenRead(file);
            return stream.Length <= MaxPasswordBytes
                ? (await File.ReadAllTextAsync(file, cancellationToken)).TrimEnd('\r', '\n')
                : throw new IOException($"it has {stream.Length} bytes");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RegistryException(
                $"The password of {own.Host} cannot be read from '{file}': {e.Message}", RegistryFault.Unauthorized, e)
            {
                Remedy = "Mount the secret at that path, or correct Registries:<n>:PasswordFile.",
            };
        }
    }
}
