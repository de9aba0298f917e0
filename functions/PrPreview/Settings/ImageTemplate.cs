using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.Oci;
using Ebb.Settings;

namespace Ebb.PrPreview.Settings;

/// <summary>
/// Where the pipeline pushes images: <c>harbor.example.com/{owner}/{app}</c>. <c>{owner}</c> is the repository's path without its last
/// segment, <c>{repository}</c> that segment, <c>{app}</c> the application, all in small letters.
/// </summary>
internal sealed partial class ImageTemplate
{
    private const string Key = "Image";
    private const string Rule = "a repository without tag such as harbor.example.com/{owner}/{app}, with {owner}, {repository} or {app} where they belong";

    private readonly string _template;

    private ImageTemplate(string template, string registry) => (_template, Registry) = (template, registry);

    /// <summary>The registry: host and port.</summary>
    public string Registry { get; }

    public static ImageTemplate? From(SettingsReader read) => read.Required<ImageTemplate>(Key, Rule, TryParse);

    private static bool TryParse(string text, [NotNullWhen(true)] out ImageTemplate? template)
    {
        template = TryFill(text, "owner", "repository", "app", out var sample, out _) && sample is { Tag: null, Digest: null } ? new ImageTemplate(text, sample.Registry) : null;
        return template is not null;
    }

    /// <summary>The image of a commit; false, with the problem, when the repository's path can be no part of an image's name.</summary>
    public bool TryFor(GitRepository repository, AppName app, CommitSha sha, out ImageReference image, out string problem)
    {
        var path = repository.FullName.ToLowerInvariant();
        var slash = path.LastIndexOf('/');
        if (!TryFill(_template, path[..slash], path[(slash + 1)..], app.Value, out image, out problem))
        {
            return false;
        }

        if (image.Registry != Registry)
        {
            problem = $"it would be in the registry {image.Registry}, and previews pull from {Registry}";
            return false;
        }

        image = image with { Tag = sha.Value };
        return true;
    }

    private static bool TryFill(string template, string owner, string repository, string app, out ImageReference image, out string problem)
    {
        // In one pass: what a repository is called is no template.
        var text = Placeholder().Replace(template, match => match.Value switch { "{owner}" => owner, "{repository}" => repository, _ => app });
        var parsed = ImageReference.TryParse(text, out var reference, out var why) && reference is { Tag: null, Digest: null };
        (image, problem) = (reference!, why ?? "the repository's path can be no part of an image's name");
        return parsed;
    }

    [GeneratedRegex(@"\{(?:owner|repository|app)\}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Placeholder();
}
