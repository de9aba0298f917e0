namespace Ebb.Vault.Login;

/// <summary>A way to get a token.</summary>
internal interface IVaultLogin
{
    /// <summary>Names the way in messages: <c>the AppRole login at auth/approle</c>.</summary>
    string Description { get; }

    /// <summary>Gets a token.</summary>
    /// <exception cref="VaultException">There is none.</exception>
    Task<VaultToken> LoginAsync(VaultTransport transport, CancellationToken cancellationToken);
}
