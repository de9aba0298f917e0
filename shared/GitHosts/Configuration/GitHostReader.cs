using Ebb.Contracts.PullRequests;
using Ebb.Settings;

namespace Ebb.GitHosts.Configuration;

/// <summary>Reads one host's section and names every problem with key, value and what would be right. Secrets are in files, so none is shown.</summary>
internal static class GitHostReader
{
    private static readonly Uri Nowhere = new("https://invalid.invalid");

    public static GitHostOptions? Read(SettingsReader read)
    {
        var (problems, before) = (read.Problems, read.Problems.Count);
        var kinds = $"one of {string.Join(", ", GitHostNames.All)}";
        var named = read.Text("Kind", read.Name, kinds);
        var isKind = GitHostNames.TryParse(named, out var kind);
        if (!isKind)
        {
            read.Wrong("Kind", named, kinds, 0);
            read = read.Unheard();
        }

        var options = new GitHostOptions
        {
            Name = read.Name,
            Kind = kind,
            Address = Address(read, isKind ? GitHostsOptions.DefaultAddress(kind) : null),
            TokenFile = read.ExistingFile("TokenFile", "a file with a token"),
            Entra = Entra(read.Section("Entra"), kind),
            Account = read.Text("Account", "the name under which our comments appear"),
            CaFile = read.ExistingFile("CaFile", "a PEM file with the CA of its certificate"),
            PlainHttp = read.Flag("PlainHttp"),
        };
        if ((options.TokenFile is null) == (options.Entra is null) && problems.Count == before)
        {
            read.Problems.Add($"{read.Path} needs one login: set TokenFile to a file with a token{(kind == GitHostKind.AzureDevOps ? ", or Entra:ClientId" : "")}.");
        }

        return problems.Count == before ? options : null;
    }

    private static Uri Address(SettingsReader read, Uri? fallback)
    {
        const string example = "https://git.example.com";
        var address = read.Address("Address", example, "PlainHttp", fallback);
        return address ?? (read.Text("Address") is null ? read.Missing("Address", $"a URL such as {example}", Nowhere) : Nowhere);
    }

    private static EntraOptions? Entra(SettingsReader read, GitHostKind kind)
    {
        var login = new EntraOptions();
        var options = new EntraOptions
        {
            TenantId = read.Text("TenantId", "the tenant"),
            ClientId = read.Text("ClientId", "the application's or identity's client id"),
            SecretFile = read.ExistingFile("SecretFile", "a file with the client secret"),
            FederatedTokenFile = read.ExistingFile("FederatedTokenFile", "a file with a federated token"),
            Authority = read.Address("Authority", login.Authority.OriginalString, null, login.Authority)!,
        };
        if (!read.Exists)
        {
            return null;
        }

        if (options.Authority.Scheme != Uri.UriSchemeHttps)
        {
            read.Wrong("Authority", options.Authority.OriginalString, $"an https URL such as {login.Authority}", 0);
        }

        if (kind != GitHostKind.AzureDevOps)
        {
            read.Problems.Add($"{read.Path} is set; only azure-devops takes such a login. Set TokenFile.");
        }

        if (options is { SecretFile: not null, FederatedTokenFile: not null })
        {
            read.Problems.Add($"{read.Path}:SecretFile and FederatedTokenFile are set. Keep one.");
        }

        if ((options.SecretFile ?? options.FederatedTokenFile) is not null && (options.TenantId is null || options.ClientId is null))
        {
            read.Problems.Add($"{read.Path}:TenantId or ClientId is not set. Set both to those of the application.");
        }

        return options;
    }
}
