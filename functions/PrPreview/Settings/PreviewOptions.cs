using Ebb.Contracts.PullRequests;
using Microsoft.Extensions.Configuration;
using Ebb.Settings;

namespace Ebb.PrPreview.Settings;

/// <summary>The section <c>PrPreview</c>. Immutable; read at the start of the process.</summary>
internal sealed record PreviewOptions
{
    public const string Section = "PrPreview";

    /// <summary><c>Domain</c>: previews are at <c>https://&lt;name&gt;.&lt;domain&gt;</c>. Without it there are no previews.</summary>
    public required string Domain { get; init; }

    /// <summary>
    /// <c>Repositories</c>: whose pull requests may have previews, <c>acme/shop,acme-team/*</c>, by the host's own word. Default: of all that the
    /// hooks or a caller name and the token can see.
    /// </summary>
    public required IReadOnlyList<RepositoryPattern> Repositories { get; init; }

    /// <summary><c>Image</c>: where the pipeline pushes, such as <c>harbor.example.com/{owner}/{app}</c>; the tag is the full commit SHA.</summary>
    public required ImageTemplate Image { get; init; }

    /// <summary>The base chart.</summary>
    public required ChartOptions Chart { get; init; }

    /// <summary>Argo CD.</summary>
    public required ArgoOptions Argo { get; init; }

    /// <summary>What surrounds a preview in its namespace.</summary>
    public required EnvironmentOptions Environment { get; init; }

    /// <summary>How many, how long and for whom.</summary>
    public required PreviewLimits Limits { get; init; }

    /// <summary>How forks are treated.</summary>
    public required ForkOptions Forks { get; init; }

    /// <summary>The timer that clears up.</summary>
    public required ReaperOptions Reaper { get; init; }

    /// <summary>True when the section says anything: then it has to be complete.</summary>
    public static bool IsConfigured(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return !string.IsNullOrWhiteSpace(configuration[$"{Section}:{nameof(Domain)}"]);
    }

    /// <summary>Reads the section; null, with every problem, when there is one.</summary>
    public static PreviewOptions? From(IConfiguration configuration, List<string> problems)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(problems);
        var before = problems.Count;
        var read = new SettingsReader(configuration, problems, Section);
        var image = ImageTemplate.From(read);
        var chart = ChartOptions.From(read);
        var options = new PreviewOptions
        {
            Domain = read.DnsName(nameof(Domain), null),
            Repositories = read.All<RepositoryPattern>(nameof(Repositories), RepositoryPattern.Rule, RepositoryPattern.TryParse),
            Image = image!,
            Chart = chart,
            Argo = ArgoOptions.From(read),
            Environment = EnvironmentOptions.From(read),
            Limits = PreviewLimits.From(read),
            Forks = ForkOptions.From(read),
            Reaper = ReaperOptions.From(read),
        };
        return problems.Count == before ? options : null;
    }

    /// <summary>Whether a repository's pull requests may have previews.</summary>
    public bool Admits(GitRepository repository) => Repositories.Count == 0 || Repositories.Any(pattern => pattern.Covers(repository.FullName));

    /// <summary>Reads the section of a process that must have it.</summary>
    /// <exception cref="PreviewConfigurationException">It is missing or wrong.</exception>
    public static PreviewOptions Required(IConfiguration configuration)
    {
        if (!IsConfigured(configuration))
        {
            throw new PreviewConfigurationException($"There are no previews here: {Section}:{nameof(Domain)} is not set. See infra/docs/previews.md.");
        }

        var problems = new List<string>();
        return From(configuration, problems) ?? throw new PreviewConfigurationException(string.Join('\n', problems));
    }
}
