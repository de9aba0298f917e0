using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;

namespace Ebb.SecretBump.Stores.KeyVault;

/// <summary>Makes Azure's client from the options.</summary>
internal static class KeyVaultClients
{
    /// <param name="options">Which vault and as whom.</param>
    /// <param name="transport">How requests are sent; null: Azure's own way, which honours HTTPS_PROXY.</param>
    public static SecretClient Create(KeyVaultOptions options, HttpPipelineTransport? transport = null)
    {
        var clientOptions = new SecretClientOptions();
        clientOptions.Diagnostics.IsLoggingContentEnabled = false;
        if (transport is not null)
        {
            clientOptions.Transport = transport;
        }

        return new SecretClient(options.Vault, Credential(options, transport), clientOptions);
    }

    private static TokenCredential Credential(KeyVaultOptions options, HttpPipelineTransport? transport) => options switch
    {
        { ClientSecretFile: { } file } => new ClientSecretCredential(
            options.TenantId, options.ClientId, File.ReadAllText(file).Trim(), With(new ClientSecretCredentialOptions(), options, transport)),
        { FederatedTokenFile: { } file } => new WorkloadIdentityCredential(With(
            new WorkloadIdentityCredentialOptions { TenantId = options.TenantId, ClientId = options.ClientId, TokenFilePath = file }, options, transport)),
        _ => new ManagedIdentityCredential(options.ClientId is { } id ? ManagedIdentityId.FromUserAssignedClientId(id) : ManagedIdentityId.SystemAssigned),
    };

    private static T With<T>(T credentialOptions, KeyVaultOptions options, HttpPipelineTransport? transport)
        where T : TokenCredentialOptions
    {
        credentialOptions.AuthorityHost = options.AuthorityHost;
        if (transport is not null)
        {
            credentialOptions.Transport = transport;
        }

        return credentialOptions;
    }
}
