using System.Text;
using Ebb.Signing.Keys;
using Ebb.Vault;

namespace Ebb.Signing;

/// <summary>Makes the signer that the configuration names.</summary>
public static class Signers
{
    /// <summary>Creates the signer of <see cref="SigningOptions.Key"/>; reads and decrypts a key file, asks no server.</summary>
    /// <param name="options">The options; their key is set.</param>
    /// <param name="vault">The client for a key in Vault; called for <c>hashivault://</c> only.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="SigningException">The key cannot be read.</exception>
    public static ISigner Create(SigningOptions options, Func<VaultClient> vault, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(vault);
        var problems = SigningOptionsValidator.Validate(options).ToList();
        if (problems.Count > 0)
        {
            throw new SigningException(string.Join('\n', problems));
        }

        return options.Key switch
        {
            null => throw new SigningException("Signing:Key is not set. Set it to a cosign.key, a PEM file with a P-256 key, or hashivault://<key>."),
            var key when SigningOptionsValidator.TransitKey(key) is { } name => new VaultTransitSigner(vault(), name, time),
            var path => new FileSigner(PrivateKeyFile.Read(path, () => Password(options)), path),
        };
    }

    private static byte[] Password(SigningOptions options) => options.PasswordFile is { } file
        ? SecretFile.ReadPassword(file, "Signing:PasswordFile")
        : Encoding.UTF8.GetBytes(options.Password ?? "");
}
