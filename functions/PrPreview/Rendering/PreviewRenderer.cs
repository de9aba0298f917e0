using System.Text.Json.Nodes;
using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.PrPreview.Settings;

namespace Ebb.PrPreview.Rendering;

/// <summary>Makes a preview's objects. Asks nobody: the same plan gives the same objects.</summary>
internal sealed class PreviewRenderer
{
    private readonly PreviewOptions _options;

    /// <summary>Renders by these options.</summary>
    public PreviewRenderer(PreviewOptions options) => _options = options;

    public Uri UrlOf(PreviewName name) => new($"https://{HostOf(name)}");

    /// <summary>The plan for a commit of a pull request; false, with the reason, when its image can have no name.</summary>
    public bool TryPlan(PreviewSubject subject, CommitSha sha, JsonObject values, out PreviewPlan plan, out string problem)
    {
        plan = null!;
        if (!_options.Image.TryFor(subject.PullRequest.Repository, subject.App, sha, out var image, out problem))
        {
            return false;
        }

        plan = new PreviewPlan
        {
            Name = subject.Name,
            App = subject.App,
            Number = subject.PullRequest.Number,
            PullRequest = subject.PullRequest.Key,
            Host = HostOf(subject.Name),
            Image = image,
            Sha = sha,
            WithSecrets = !subject.IsFork,
            Values = values,
        };
        return true;
    }

    /// <summary>What has to be there before anything of the preview can run, in the order of applying.</summary>
    public IEnumerable<RenderedObject> Surroundings(PreviewPlan plan) => NamespaceObjects.Of(plan, _options.Environment);

    /// <summary>The secret to pull with.</summary>
    public RenderedObject Secret(PreviewPlan plan, byte[] content) => PullSecret.Of(plan, _options.Environment, content);

    /// <summary>What makes it run.</summary>
    public RenderedObject Application(PreviewPlan plan) => ApplicationObject.Of(plan, _options);

    private string HostOf(PreviewName name) => $"{name}.{_options.Domain}";
}
