using System.Text.Json.Nodes;
using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.Oci;

namespace Ebb.PrPreview.Rendering;

/// <summary>Everything that a preview's objects are made from. All of it was parsed; nothing in it is a stranger's text but the values.</summary>
internal sealed record PreviewPlan
{
    public required PreviewName Name { get; init; }

    public required AppName App { get; init; }

    public required int Number { get; init; }

    /// <summary>The pull request, as <see cref="PullRequestEvent.Key"/>: who owns the objects.</summary>
    public required string PullRequest { get; init; }

    public required string Host { get; init; }

    public required ImageReference Image { get; init; }

    public required CommitSha Sha { get; init; }

    /// <summary>False for forks: they get no secret, not even the one to pull with.</summary>
    public required bool WithSecrets { get; init; }

    /// <summary>What the branch may set, and set.</summary>
    public required JsonObject Values { get; init; }
}
