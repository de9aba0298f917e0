using Azure;
using Azure.Identity;
using Ebb.Http;
using Ebb.Http.Proxies;

namespace Ebb.SecretBump.Stores.KeyVault;

/// <summary>Azure's failures as the store's: what failed, why, what to do.</summary>
internal static class KeyVaultFaults
{
    public static async Task<T> GuardAsync<T>(string description, string what, Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception exception) when (ProxyException.In(exception) is { } proxy)
        {
            throw new SecretStoreException($"{description} could not be asked {what}: {proxy.Message}", SecretStoreFault.Unavailable, exception);
        }
        catch (RequestFailedException exception)
        {
            var (fault, remedy) = Cause(exception);
            throw new SecretStoreException($"{description} answered {what} with {exception.Status} {exception.ErrorCode}. {remedy}", fault, exception);
        }
        catch (AggregateException exception)
        {
            // Azure's own retries ran out; each attempt is one of its inner exceptions.
            throw new SecretStoreException(
                $"{description} does not answer {what}: {Redaction.Text(exception.InnerExceptions[^1].Message).TrimEnd('.')}. Check SecretBump:KeyVault:Vault, DNS, the private endpoint and the network policy.",
                SecretStoreFault.Unavailable,
                exception);
        }
        catch (CredentialUnavailableException exception)
        {
            throw new SecretStoreException(
                $"{description} cannot be asked {what}: there is no identity to log in with ({Redaction.Text(exception.Message)}). Set SecretBump:KeyVault:ClientSecretFile or give the pod a workload or managed identity.",
                SecretStoreFault.LoginFailed,
                exception);
        }
        catch (AuthenticationFailedException exception)
        {
            throw new SecretStoreException(
                $"{description} cannot be asked {what}: the login failed ({Redaction.Text((exception.InnerException ?? exception).Message)}). Check SecretBump:KeyVault:TenantId, ClientId and the secret or federated credential.",
                SecretStoreFault.LoginFailed,
                exception);
        }
    }

    private static (SecretStoreFault Fault, string Remedy) Cause(RequestFailedException exception) => exception.Status switch
    {
        0 => (SecretStoreFault.Unavailable, "It does not answer. Check SecretBump:KeyVault:Vault, DNS, the private endpoint and the network policy."),
        401 => (SecretStoreFault.LoginFailed, "The token is not accepted. Is SecretBump:KeyVault:TenantId the vault's tenant?"),
        403 => (SecretStoreFault.Denied, "Give the identity the role 'Key Vault Secrets Officer' (or get, list and set in an access policy), and let the vault's firewall admit it."),
        409 => (SecretStoreFault.Other, "A secret of that name is deleted and can be recovered. Recover or purge it."),
        429 => (SecretStoreFault.Unavailable, "It has too much to do. Ask less often."),
        >= 500 => (SecretStoreFault.Unavailable, "It failed; try again."),
        _ => (SecretStoreFault.Other, "It does not accept the request as it is."),
    };
}
