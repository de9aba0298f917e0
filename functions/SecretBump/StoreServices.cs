using Ebb.SecretBump.Rollouts;
using Ebb.SecretBump.Stores;
using Ebb.SecretBump.Stores.KeyVault;
using Ebb.Vault;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ebb.SecretBump;

/// <summary>The store of secrets that is configured: Azure Key Vault where one is named, else Vault or OpenBao.</summary>
internal static class StoreServices
{
    public const string NotConfigured = "neither Vault:Address nor SecretBump:KeyVault:Vault is set";

    /// <summary>True when there is one.</summary>
    public static bool IsConfigured(IConfiguration configuration) => IsKeyVault(configuration) || VaultOptions.From(configuration).Address.Length > 0;

    public static void AddStore(this IServiceCollection services, IConfiguration configuration)
    {
        if (IsKeyVault(configuration))
        {
            var options = KeyVaultOptions.From(configuration, []);
            services.AddSingleton(new RemoteKeys(place => [options.Naming.NameOf(place)]));
            services.AddSingleton<ISecretStore>(provider => KeyVaultSecretStore.Create(options, provider.GetRequiredService<ILogger<KeyVaultSecretStore>>()));
            return;
        }

        var vault = VaultStoreOptions.From(configuration, []);
        services.AddSingleton(vault);
        services.AddSingleton(RemoteKeys.OfVault(vault));
        services.AddSingleton(provider => new VaultClient(VaultOptions.From(configuration), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ISecretStore, VaultSecretStore>();
    }

    public static IEnumerable<string> Validate(IConfiguration configuration)
    {
        var (keyVault, vault) = (new List<string>(), new List<string>());
        KeyVaultOptions.From(configuration, keyVault);
        VaultStoreOptions.From(configuration, vault);
        var options = VaultOptions.From(configuration, vault);
        if (IsKeyVault(configuration))
        {
            return keyVault;
        }

        return IsConfigured(configuration) ? vault.Concat(VaultOptionsValidator.Validate(options)) : vault;
    }

    private static bool IsKeyVault(IConfiguration configuration) => !string.IsNullOrWhiteSpace(configuration["SecretBump:KeyVault:Vault"]);
}
