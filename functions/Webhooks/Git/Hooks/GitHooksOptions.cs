using System.Globalization;
using Ebb.Contracts.PullRequests;
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
        var section = configuration.GetSection("Git");
        return new GitHooksOptions
        {
            Hooks = section.GetSection("Hooks").GetChildren()
                .Select(hook => Hook(hook, problems)).OfType<GitHook>().ToDictionary(hook => hook.Name, StringComparer.Ordinal),
            SecretsDirectory = Text(section["WebhookSecrets"]) ?? DefaultSecretsDirectory,
            MaxBodyBytes = BodyLimit(section, problems),
            ReplayWindow = Window(section, problems),
        };
    }

    private static GitHook? Hook(IConfigurationSection section, ICollection<string> problems)
    {
        var before = problems.Count;
        if (!IsName(section.Key))
        {
            problems.Add($"{section.Path}: a hook's name has 1 to {MaxName} small letters, digits and hyphens.");
        }

        if (!GitHostNames.TryParse(Text(section["Host"]), out var host))
        {
            problems.Add($"{section.Path}:Host is '{section["Host"]}'; write one of {string.Join(", ", GitHostNames.All)}.");
        }

        var header = Text(section["Header"]);
        if (header is not null && (host != GitHostKind.AzureDevOps || !header.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')))
        {
            problems.Add($"{section.Path}:Header is '{header}'; only azure-devops takes one, such as X-Ebb-Secret. Other hosts sign in headers of their own.");
        }

        var server = Text(section["Server"]) ?? Text(section["Host"]) ?? "";
        if (!IsName(server))
        {
            problems.Add($"{section.Path}:Server is '{server}'; write the name of a section of Git:Hosts: 1 to {MaxName} small letters, digits and hyphens.");
        }

        return problems.Count == before ? new GitHook(section.Key, host, server) { Header = header, Repositories = Repositories(section, problems) } : null;
    }

    private static List<RepositoryPattern> Repositories(IConfigurationSection section, ICollection<string> problems)
    {
        var patterns = new List<RepositoryPattern>();
        foreach (var child in section.GetSection("Repositories").GetChildren())
        {
            if (RepositoryPattern.TryParse(Text(child.Value), out var pattern))
            {
                patterns.Add(pattern);
            }
            else
            {
                problems.Add($"{child.Path} is '{Text(child.Value)}'; write {RepositoryPattern.Rule}.");
            }
        }

        return patterns;
    }

    private static int BodyLimit(IConfigurationSection section, ICollection<string> problems)
    {
        if (Text(section[nameof(MaxBodyBytes)]) is not { } text)
        {
            return 1024 * 1024;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && bytes is >= LeastBody and <= MostBody)
        {
            return bytes;
        }

        problems.Add($"Git:MaxBodyBytes is '{text}'; write a number of bytes from {LeastBody} to {MostBody}.");
        return MostBody;
    }

    private static TimeSpan Window(IConfigurationSection section, ICollection<string> problems)
    {
        if (Text(section[nameof(ReplayWindow)]) is not { } text)
        {
            return TimeSpan.FromMinutes(5);
        }

        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var window) && window >= TimeSpan.FromSeconds(10) && window <= TimeSpan.FromHours(1))
        {
            return window;
        }

        problems.Add($"Git:ReplayWindow is '{text}'; write a time from 00:00:10 to 01:00:00.");
        return TimeSpan.FromMinutes(5);
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= MaxName && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
