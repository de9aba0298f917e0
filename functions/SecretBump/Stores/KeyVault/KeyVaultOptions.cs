using System.Diagnostics.CodeAnalysis;
using Ebb.Settings;
using Microsoft.Extensions.Configuration;

namespace Ebb.SecretBump.Stores.KeyVault;

/// <summary>
/// Which Azure Key Vault, and as whom: the section <c>SecretBump:KeyVault</c>; the variables that workload identity's webhook sets hold where it
/// is silent. With a secret's file it is a service principal, with a federated token's file a workload identity, else a managed identity.
/// </summary>
public sealed record KeyVaultOptions
{
    /// <summary>The vault, such as <c>https://shop.vault.azure.net/</c> (<c>…:Vault</c>).</summary>
    public required Uri Vault { get; init; }

    /// <summary>The tenant (<c>…:TenantId</c>, <c>AZURE_TENANT_ID</c>).</summary>
    public string? TenantId { get; init; }

    /// <summary>The application's or the user-assigned identity's id (<c>…:ClientId</c>, <c>AZURE_CLIENT_ID</c>).</summary>
    public string? ClientId { get; init; }

    /// <summary>A file with the service principal's secret (<c>…:ClientSecretFile</c>); read when the process starts.</summary>
    public string? ClientSecretFile { get; init; }

    /// <summary>A file with the pod's token (<c>…:FederatedTokenFile</c>, <c>AZURE_FEDERATED_TOKEN_FILE</c>); read at each login.</summary>
    public string? FederatedTokenFile { get; init; }

    /// <summary>The login server (<c>…:AuthorityHost</c>, <c>AZURE_AUTHORITY_HOST</c>). Default Azure's public one.</summary>
    public Uri AuthorityHost { get; init; } = new("https://login.microsoftonline.com/");

    /// <summary>How secrets are named (<c>…:Name</c>).</summary>
    public KeyVaultNaming Naming { get; init; } = KeyVaultNaming.Standard;

    /// <summary>Reads the section; every problem is added.</summary>
    public static KeyVaultOptions From(IConfiguration configuration, ICollection<string> problems)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(problems);
        var read = new SettingsReader(configuration, problems, "SecretBump:KeyVault");
        var options = new KeyVaultOptions
        {
            Vault = Https(read, "Vault", "https://shop.vault.azure.net/", null),
            TenantId = read.Text(new("TenantId", "AZURE_TENANT_ID"), "the tenant"),
            ClientId = read.Text(new("ClientId", "AZURE_CLIENT_ID"), "the application's or the user-assigned identity's id"),
            ClientSecretFile = read.ExistingFile("ClientSecretFile", "a file with the service principal's secret"),
            FederatedTokenFile = read.Text(new("FederatedTokenFile", "AZURE_FEDERATED_TOKEN_FILE"), "the path of a file with the pod's token"),
            AuthorityHost = Https(read, new("AuthorityHost", "AZURE_AUTHORITY_HOST"), "https://login.microsoftonline.com/", new Uri("https://login.microsoftonline.com/")),
            Naming = read.Parsed(
                "Name", "{application} and after it {environment} with at least '--' between them, and letters, digits and '-' only",
                (string text, [MaybeNullWhen(false)] out KeyVaultNaming naming) => KeyVaultNaming.TryParse(text, out naming), KeyVaultNaming.Standard, KeyVaultNaming.Default),
        };
        options.CheckLogin(problems);
        return options;
    }

    private void CheckLogin(ICollection<string> problems)
    {
        if ((ClientSecretFile ?? FederatedTokenFile) is not null && (TenantId is null || ClientId is null))
        {
            problems.Add("SecretBump:KeyVault:TenantId and SecretBump:KeyVault:ClientId are not both set. Set them to the tenant and to the application that logs in.");
        }
    }

    private static Uri Https(SettingsReader read, SettingKey key, string example, Uri? fallback)
    {
        if (read.Address(key, example, null, fallback) is not { } address)
        {
            return read.Text(key) is null ? read.Missing(key, $"a URL such as {example}", new Uri(example)) : new Uri(example);
        }

        return address.Scheme == Uri.UriSchemeHttps ? address : read.Wrong(key, address.OriginalString, $"an https URL such as {example}", address);
    }
}
