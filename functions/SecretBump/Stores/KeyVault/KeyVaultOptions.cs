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
        var section = configuration.GetSection("SecretBump:KeyVault");
        string? Setting(string key, string? variable = null) => Text(section[key]) ?? (variable is null ? null : Text(configuration[variable]));
        var options = new KeyVaultOptions
        {
            Vault = Https("SecretBump:KeyVault:Vault", Setting("Vault"), "https://shop.vault.azure.net/", problems),
            TenantId = Setting("TenantId", "AZURE_TENANT_ID"),
            ClientId = Setting("ClientId", "AZURE_CLIENT_ID"),
            ClientSecretFile = Setting("ClientSecretFile"),
            FederatedTokenFile = Setting("FederatedTokenFile", "AZURE_FEDERATED_TOKEN_FILE"),
            AuthorityHost = Https("SecretBump:KeyVault:AuthorityHost", Setting("AuthorityHost", "AZURE_AUTHORITY_HOST") ?? "https://login.microsoftonline.com/", "https://login.microsoftonline.com/", problems),
            Naming = Name(Setting("Name") ?? KeyVaultNaming.Default, problems),
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

        if (ClientSecretFile is not null && !File.Exists(ClientSecretFile))
        {
            problems.Add($"SecretBump:KeyVault:ClientSecretFile '{ClientSecretFile}' does not exist.");
        }
    }

    private static Uri Https(string key, string? text, string example, ICollection<string> problems)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.UserInfo.Length == 0)
        {
            return uri;
        }

        problems.Add(text is null ? $"{key} is not set. Set it to a URL such as {example}." : $"{key} is no https URL such as {example}.");
        return new Uri(example);
    }

    private static KeyVaultNaming Name(string text, ICollection<string> problems)
    {
        if (KeyVaultNaming.TryParse(text, out var naming))
        {
            return naming;
        }

        problems.Add($"SecretBump:KeyVault:Name is '{text}'; write {{application}} and after it {{environment}} with at least '--' between them, and letters, digits and '-' only.");
        return KeyVaultNaming.Standard;
    }

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
