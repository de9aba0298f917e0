using Ebb.Settings;

namespace Ebb.Oci.Auth;

/// <summary>
/// Finds the credential for a repository: our own settings first, then docker's <c>config.json</c>; in each the longest prefix wins
/// (containers-auth.json(5)). Files are read at each login.
/// </summary>
internal sealed class CredentialSource(RegistriesOptions options, TimeProvider time)
{
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

        return new Credential(username, own.Password ?? ReadPassword(own));
    }

    private static string ReadPassword(RegistryOptions own) => own.PasswordFile is not { } file ? "" : SecretFile.ReadPassword(
        file, $"The password of {own.Host}",
        (message, cause) => new RegistryException(message, RegistryFault.Unauthorized, cause) { Remedy = "Mount the secret at that path, or correct Registries:<n>:PasswordFile." });
}
