using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.PrPreview.Rendering;
using Ebb.PrPreview.State;
using Ebb.PrPreview.Truth;
using Ebb.Worker;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.PrPreview.Keeping;

/// <summary>Carries out what was asked for apart from webhooks, by the same way that a webhook goes.</summary>
internal sealed class RequestHandler(PreviewKeeper keeper, RobotRenewal robots, PreviewDocuments documents, PullRequestMemory memory, GitHostFinder hosts)
{
    public Task<PreviewReport> HandleAsync(PreviewRequest request, FunctionContext context) => request.Action switch
    {
        PreviewAction.Create => CreateAsync(request, context),
        PreviewAction.Renew => robots.RenewAsync(PreviewName.For(request.App!.Value, request.Number), request.ExpiringBefore!.Value, context),
        PreviewAction.Check => CheckAsync(PreviewName.For(request.App!.Value, request.Number), context),
        _ => RemoveAsync(request, context),
    };

    private async Task<PreviewReport> CheckAsync(PreviewName name, FunctionContext context) =>
        await documents.FindAsync(name, context.CancellationToken) is { State: PreviewState.Failed } known
            ? await keeper.KeepAsync(Occasion.ToCheck(known), context)
            : new PreviewReport { Outcome = PreviewOutcome.Unchanged, Name = name.Value, Cause = "It did not fail, or is gone." };

    private async Task<PreviewReport> CreateAsync(PreviewRequest request, FunctionContext context)
    {
        var (kind, repository) = (request.Host!.Value, request.Repository!);
        var server = request.Server ?? kind.Name();
        var host = hosts(server, kind)
            ?? throw Refused($"A preview by hand needs credentials for the Git host: set Git:Hosts:{server}.");
        var found = await host.GetPullRequestAsync(repository, request.Number, context.CancellationToken);
        var report = await keeper.KeepAsync(Occasion.ToCreate(server, kind, found), context);
        return report.Outcome is PreviewOutcome.Ready ? report : throw FunctionFailedException.Final(
            $"There is no preview: {report.Cause ?? $"the pull request is {found.State} and its branch is '{found.SourceBranch}'"}", report, PreviewJson.Default.PreviewReport);
    }

    private async Task<PreviewReport> RemoveAsync(PreviewRequest request, FunctionContext context)
    {
        var name = PreviewName.For(request.App!.Value, request.Number);
        if (await documents.FindAsync(name, context.CancellationToken) is not { } known)
        {
            throw Refused($"Nothing is known of a preview {name}.");
        }

        var now = (await memory.GetAsync(PullRequestAddress.Of(known).Key, context.CancellationToken)).App;
        return known.State is PreviewState.Removed && now is { } other && other != known.App
            ? new PreviewReport
            {
                Outcome = PreviewOutcome.Unchanged,
                Name = name.Value,
                Cause = $"It is removed already. Its pull request has the preview {PreviewName.For(other, known.Number)} since, which was left as it is.",
            }
            : await keeper.KeepAsync(Occasion.ToRemove(known, request.Reason ?? RemovalReason.ByHand), context);
    }

    private static FunctionFailedException Refused(string why) => new(why) { Retryable = false };
}
