using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using Ebb.Http;
using Ebb.Settings;

namespace Ebb.SecretBump.Stores.KeyVault;

/// <summary>Makes Azure's client from the options.</summary>
internal static class KeyVaultClients
{
    private static readonly TransportOptions Once = new()
    {
        Resilience = new ResilienceOptions { MaxRetries = 0, AttemptTimeout = Timeout.InfiniteTimeSpan },
    };

    /// <param name="options">Which vault and as whom.</param>
    /// <param name="http">Sends the requests, the login's too; retries and time limits are Azure's. null: Ebb's own client, with its rule for proxies.</param>
    public static SecretClient Create(KeyVaultOptions options, HttpClient? http = null)
    {
        var transport = new HttpClientTransport(http ?? HttpTransport.CreateClient(Once, TimeProvider.System));
        var clientOptions = new SecretClientOptions { Transport = transport };
        clientOptions.Diagnostics.IsLoggingContentEnabled = false;
        return new SecretClient(options.Vault, Credential(options, transport), clientOptions);
    }

    private static TokenCredential Credential(KeyVaultOptions options, HttpPipelineTransport transport) => options switch
    {
        { ClientSecretFile: { } file } => new ClientSecretCredential(
            options.TenantId, options.ClientId, SecretFile.ReadLine(file, "SecretBump:KeyVault:ClientSecretFile", (message, cause) => new SecretStoreException(message, SecretStoreFault.LoginFailed, cause)), With(new ClientSecretCredentialOptions(), options, transport)),
        { FederatedTokenFile: { } file } => new WorkloadIdentityCredential(With(
            new WorkloadIdentityCredentialOptions { TenantId = options.TenantId, ClientId = options.ClientId, TokenFilePath = file }, options, transport)),
        _ => new ManagedIdentityCredential(new ManagedIdentityCredentialOptions(
            options.ClientId is { } id ? ManagedIdentityId.FromUserAssignedClientId(id) : ManagedIdentityId.SystemAssigned)
        { Transport = transport }),
    };

    private static T With<T>(T credentialOptions, KeyVaultOptions options, HttpPipelineTransport transport)
        where T : TokenCredentialOptions
    {
        credentialOptions.AuthorityHost = options.AuthorityHost;
        credentialOptions.Transport = transport;
        return credentialOptions;
    }
}
