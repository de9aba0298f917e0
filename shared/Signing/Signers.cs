namespace Ebb.Signing;

/// <summary>Makes the signer that the configuration names.</summary>
public static class Signers
{
    /// <summary>Creates the signer of <see cref="SigningOptions.Key"/>; reads and decrypts a key file, asks no server.</summary>
    /// <exception cref="SigningException">The key cannot be read.</exception>
    public static ISigner Create(SigningOptions options, Func<Vault.VaultClient> vault, TimeProvider time) =>
        throw new NotSupportedException("filled in by Signing");
}
