using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;

namespace Ebb.Contracts;

/// <summary>The names of the queues that carry messages between apps.</summary>
public static class Queues
{
    /// <summary>Requests to mirror images; each message is a <see cref="MirrorRequest"/>.</summary>
    public const string ImageMirror = "image-mirror";

    /// <summary>What happened to pull requests; each message is a <see cref="PullRequestEvent"/>, its sequence key <see cref="PullRequestEvent.Key"/>.</summary>
    public const string PullRequests = "pull-requests";

    /// <summary>Previews asked for, or asked to be removed, apart from webhooks; each message is a <see cref="PreviewRequest"/>.</summary>
    public const string Previews = "previews";
}
