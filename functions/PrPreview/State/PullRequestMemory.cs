using System.Security.Cryptography;
using System.Text;
using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.Storage;

namespace Ebb.PrPreview.State;

/// <summary>What is kept of pull requests, in documents of the host storage.</summary>
internal sealed class PullRequestMemory(IDocumentStore documents)
{
    public const string Prefix = "preview-pull-requests/";

    /// <summary>How far a host's clock may be ahead of the door's.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    public async Task<RememberedPullRequest> GetAsync(string pullRequest, CancellationToken cancellationToken) =>
        await documents.FindAsync(KeyOf(pullRequest), PreviewJson.Default.RememberedPullRequest, cancellationToken) ?? new RememberedPullRequest();

    /// <summary>Changes what is kept. Two runs of one pull request may meet here, so the change is made on what is there.</summary>
    public Task<RememberedPullRequest> ChangeAsync(
        string pullRequest, Func<RememberedPullRequest, RememberedPullRequest> change, CancellationToken cancellationToken) =>
        documents.UpdateAsync(KeyOf(pullRequest), PreviewJson.Default.RememberedPullRequest, new RememberedPullRequest(), change, cancellationToken);

    /// <summary>The newest of what webhooks said, this one included. Of two that are equally new the one that closes counts.</summary>
    public async Task<PullRequestEvent> NewestAsync(PullRequestEvent hint, CancellationToken cancellationToken) =>
        (await ChangeAsync(hint.Key, before => IsNewer(hint, before.Newest) ? before with { Newest = hint } : before, cancellationToken)).Newest!;

    /// <summary>Forgets a pull request, unless it has the preview of another application since.</summary>
    public async Task ForgetAsync(string pullRequest, AppName app, CancellationToken cancellationToken)
    {
        var key = KeyOf(pullRequest);
        if (await documents.GetAsync(key, cancellationToken) is { } document && (document.Read(PreviewJson.Default.RememberedPullRequest).App ?? app) == app)
        {
            await documents.DeleteAsync(key, document.Version, cancellationToken);
        }
    }

    internal static string KeyOf(string pullRequest) => Prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(pullRequest)))[..32];

    private static bool IsNewer(PullRequestEvent hint, PullRequestEvent? than)
    {
        if (than is null)
        {
            return true;
        }

        // The host's time where both have one; the door's where one has not.
        var order = SaidAt(hint) is { } left && SaidAt(than) is { } right ? left.CompareTo(right) : hint.ReceivedAt.CompareTo(than.ReceivedAt);
        return order > 0 || (order == 0 && hint.State is not PullRequestState.Open && than.State is PullRequestState.Open);
    }

    // A time that has not come yet would be the newest for ever.
    private static DateTimeOffset? SaidAt(PullRequestEvent hint) => hint.UpdatedAt is { } at && at <= hint.ReceivedAt + ClockSkew ? at : null;
}
