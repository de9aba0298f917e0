using Azure.Core;
using Azure.Identity;
using Ebb.GitHosts.Configuration;
using Ebb.Settings;

namespace Ebb.GitHosts.Login;

/// <summary>Makes the credential that the options describe; with a client secret, a new one when its file changes.</summary>
internal sealed class EntraCredentials(EntraOptions options, string name)
{
    private readonly Lock _gate = new();
    private TokenCredential? _credential;
    private string? _secret;

    public TokenCredential Current()
    {
        lock (_gate)
        {
            var secret = options.SecretFile is { } file ? SecretFile.ReadLine(file, $"Git:Hosts:{name}:Entra:SecretFile", GitHostException.OfLogin) : null;
            if (_credential is null || secret != _secret)
            {
                _credential = Create(secret);
                _secret = secret;
            }

            return _credential;
        }
    }

    private TokenCredential Create(string? secret)
    {
        if (secret is not null)
        {
            return new ClientSecretCredential(options.TenantId, options.ClientId, secret, new ClientSecretCredentialOptions { AuthorityHost = options.Authority });
        }

        return options.FederatedTokenFile is { } file
            ? new WorkloadIdentityCredential(new WorkloadIdentityCredentialOptions
            {
                AuthorityHost = options.Authority,
                TenantId = options.TenantId,
                ClientId = options.ClientId,
                TokenFilePath = file,
            })
            : new ManagedIdentityCredential(options.ClientId is { } id ? ManagedIdentityId.FromUserAssignedClientId(id) : ManagedIdentityId.SystemAssigned);
    }
}
