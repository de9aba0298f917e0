using System.Text;
using Ebb.Settings;
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

    /// <summary>
    /// As <see cref="Create"/>; but an encrypted key file whose public key is remembered is decrypted only when something is
    /// signed, since that takes a good part of a second and 64 MiB.
    /// </summary>
    /// <exception cref="SigningException">The key cannot be read.</exception>
    public static async Task<ISigner> CreateAsync(
        SigningOptions options, Func<VaultClient> vault, TimeProvider time, IPublicKeyMemory memory, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(memory);
        if (options.Key is not { } path || SigningOptionsValidator.Validate(options).Any() || SigningOptionsValidator.TransitKey(path) is not null
            || PrivateKeyFile.HashOfEncrypted(path) is not { } hash)
        {
            return Create(options, vault, time);
        }

        if (await memory.FindAsync(hash, cancellationToken) is { } pem)
        {
            return new DeferredFileSigner(P256.ImportPublicPem(pem, path), () => PrivateKeyFile.Read(path, () => Password(options)), path);
        }

        var signer = Create(options, vault, time);
        var keys = await signer.GetPublicKeysAsync(cancellationToken);
        await memory.RememberAsync(hash, keys[0].ExportSubjectPublicKeyInfoPem(), cancellationToken);
        return signer;
    }

    private static byte[] Password(SigningOptions options) => options.PasswordFile is { } file
        ? Encoding.UTF8.GetBytes(SecretFile.ReadPassword(file, options.PasswordFileSetting, (message, cause) => new SigningException(message, cause)))
        : Encoding.UTF8.GetBytes(options.Password ?? "");
}
