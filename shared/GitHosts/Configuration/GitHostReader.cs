using Ebb.Contracts.PullRequests;
using Microsoft.Extensions.Configuration;

namespace Ebb.GitHosts.Configuration;

/// <summary>Reads one host's section and names every problem with key, value and what would be right. Secrets are in files, so none is shown.</summary>
internal sealed class GitHostReader(IConfigurationSection section, ICollection<string> problems)
{
    public GitHostOptions? Read()
    {
        var before = problems.Count;
        var named = Text("Kind") ?? section.Key;
        if (!GitHostNames.TryParse(named, out var kind))
        {
            problems.Add($"{section.Path}:Kind is '{named}'; write one of {string.Join(", ", GitHostNames.All)}.");
            return null;
        }

        var options = new GitHostOptions
        {
            Name = section.Key,
            Kind = kind,
            Address = Address(kind),
            TokenFile = ExistingFile("TokenFile"),
            Entra = Entra(kind),
            Account = Text("Account"),
            CaFile = ExistingFile("CaFile"),
            PlainHttp = Flag("PlainHttp"),
        };
        if ((options.TokenFile is null) == (options.Entra is null) && problems.Count == before)
        {
            problems.Add($"{section.Path} needs one login: set TokenFile to a file with a token{(kind == GitHostKind.AzureDevOps ? ", or Entra:ClientId" : "")}.");
        }

        return problems.Count == before ? options : null;
    }

    private Uri Address(GitHostKind kind)
    {
        const string rule = "write a URL such as https://git.example.com (https, no user, query or fragment)";
        var nowhere = new Uri("https://invalid.invalid");
        if (Text("Address") is not { } text)
        {
            return GitHostsOptions.DefaultAddress(kind) ?? Problem(nowhere, "Address", "is not set", rule);
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http")
            || address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            // Not repeated: what is wrong with it may be a password.
            return Problem(nowhere, "Address", "is no such URL", rule);
        }

        return address.Scheme == "http" && !address.IsLoopback && !Flag("PlainHttp")
            ? Problem(nowhere, "Address", $"'{text}' would send the token unencrypted", $"use https, or set {section.Path}:PlainHttp to true")
            : address;
    }

    private EntraOptions? Entra(GitHostKind kind)
    {
        var entra = section.GetSection("Entra");
        if (!entra.Exists())
        {
            return null;
        }

        var options = new EntraOptions
        {
            TenantId = Text("Entra:TenantId"),
            ClientId = Text("Entra:ClientId"),
            SecretFile = ExistingFile("Entra:SecretFile"),
            FederatedTokenFile = ExistingFile("Entra:FederatedTokenFile"),
            Authority = Uri.TryCreate(Text("Entra:Authority") ?? "https://login.microsoftonline.com/", UriKind.Absolute, out var authority) && authority.Scheme == "https"
                ? authority
                : Problem(new Uri("https://invalid.invalid"), "Entra:Authority", "is no https URL", "write one such as https://login.microsoftonline.com/"),
        };
        if (kind != GitHostKind.AzureDevOps)
        {
            problems.Add($"{entra.Path} is set; only azure-devops takes such a login. Set TokenFile.");
        }

        if (options is { SecretFile: not null, FederatedTokenFile: not null })
        {
            problems.Add($"{entra.Path}:SecretFile and FederatedTokenFile are set. Keep one.");
        }

        var isApplication = options.SecretFile is not null || options.FederatedTokenFile is not null;
        if (isApplication && (options.TenantId is null || options.ClientId is null))
        {
            problems.Add($"{entra.Path}:TenantId or ClientId is not set. Set both to those of the application.");
        }

        return options;
    }

    private string? ExistingFile(string key)
    {
        if (Text(key) is not { } path)
        {
            return null;
        }

        return File.Exists(path) ? path : Problem<string?>(null, key, $"'{path}' does not exist", "write the path of a file that does");
    }

    private bool Flag(string key)
    {
        if (Text(key) is not { } text)
        {
            return false;
        }

        return bool.TryParse(text, out var flag) ? flag : Problem(false, key, $"is '{text}'", "write true or false");
    }

    private T Problem<T>(T fallback, string key, string what, string remedy)
    {
        problems.Add($"{section.Path}:{key} {what}; {remedy}.");
        return fallback;
    }

    private string? Text(string key) => string.IsNullOrWhiteSpace(section[key]) ? null : section[key]!.Trim();
}
