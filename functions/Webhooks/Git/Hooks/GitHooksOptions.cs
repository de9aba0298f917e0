using Ebb.Contracts.PullRequests;
using Ebb.Settings;
using Microsoft.Extensions.Configuration;

namespace Ebb.Webhooks.Git.Hooks;

/// <summary>The section <c>Git</c>, as far as the door needs it.</summary>
internal sealed record GitHooksOptions
{
    /// <summary>Where the secrets are by default.</summary>
    public const string DefaultSecretsDirectory = "/run/secrets/ebb/webhooks";

    private const int MaxName = 63;
    private const int LeastBody = 64 * 1024;

    // GitHub sends at most 25 MB (GitHub Docs, Webhook events and payloads); a pull request has far less.
    private const int MostBody = 25 * 1024 * 1024;

    /// <summary>The hooks by name.</summary>
    public required IReadOnlyDictionary<string, GitHook> Hooks { get; init; }

    /// <summary>A directory with <c>&lt;hook&gt;.current</c> and, while a secret is replaced, <c>&lt;hook&gt;.previous</c>.</summary>
    public string SecretsDirectory { get; init; } = DefaultSecretsDirectory;

    /// <summary>The longest body that is read. Default 1 MiB, 64 KiB to 25 MiB; <c>Http:MaxRequestBodySize</c> holds as well.</summary>
    public int MaxBodyBytes { get; init; } = 1024 * 1024;

    /// <summary>How far the time that a host signed may be from now, either way. Default 5 minutes, 10 seconds to 1 hour. GitLab's signing tokens only.</summary>
    public TimeSpan ReplayWindow { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Reads the section; every problem is added.</summary>
    public static GitHooksOptions From(IConfiguration configuration, ICollection<string> problems)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var read = new SettingsReader(configuration, problems, "Git");
        return new GitHooksOptions
        {
            Hooks = read.Sections("Hooks", Hook).OfType<GitHook>().ToDictionary(hook => hook.Name, StringComparer.Ordinal),
            SecretsDirectory = read.Text("WebhookSecrets", DefaultSecretsDirectory, "the directory with the hooks' secrets"),
            MaxBodyBytes = read.Number(nameof(MaxBodyBytes), 1024 * 1024, LeastBody, MostBody),
            ReplayWindow = read.Duration(nameof(ReplayWindow), TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(10), TimeSpan.FromHours(1)),
        };
    }

    private static GitHook? Hook(SettingsReader read)
    {
        var before = read.Problems.Count;
        if (!IsName(read.Name))
        {
            read.Problems.Add($"{read.Path}: a hook's name has 1 to {MaxName} small letters, digits and hyphens.");
        }

        var kinds = $"one of {string.Join(", ", GitHostNames.All)}";
        var named = read.Text("Host", kinds);
        if (!GitHostNames.TryParse(named, out var host))
        {
            read.Wrong("Host", named ?? "", kinds, 0);
        }

        var header = read.Text("Header", "the name of the header with the secret; azure-devops only");
        if (header is not null && (host != GitHostKind.AzureDevOps || !header.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')))
        {
            read.Problems.Add($"{read.NameOf("Header")} is '{header}'; only azure-devops takes one, such as X-Ebb-Secret. Other hosts sign in headers of their own.");
        }

        var server = read.Text("Server", named ?? "", "the name of a section of Git:Hosts");
        if (!IsName(server))
        {
            read.Wrong("Server", server, $"the name of a section of Git:Hosts: 1 to {MaxName} small letters, digits and hyphens", 0);
        }

        var repositories = read.All<RepositoryPattern>("Repositories", RepositoryPattern.Rule, RepositoryPattern.TryParse);
        return read.Problems.Count == before ? new GitHook(read.Name, host, server) { Header = header, Repositories = repositories } : null;
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= MaxName && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
