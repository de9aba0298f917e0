using Ebb.Vault;

namespace Ebb.SecretBump.Stores;

/// <summary>Vault's failures as the store's.</summary>
internal static class VaultStoreFaults
{
    public static async Task<T> GuardAsync<T>(Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (VaultException exception)
        {
            throw new SecretStoreException(exception.Message, Of(exception), exception);
        }
    }

    private static SecretStoreFault Of(VaultException exception) => exception.Fault switch
    {
        VaultFault.VersionConflict => SecretStoreFault.Conflict,
        VaultFault.Denied => SecretStoreFault.Denied,
        VaultFault.LoginFailed => SecretStoreFault.LoginFailed,
        VaultFault.TooLarge => SecretStoreFault.TooLarge,
        _ => exception.IsTransient ? SecretStoreFault.Unavailable : SecretStoreFault.Other,
    };
}
