using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.PrPreview.State;
using Ebb.PrPreview.Truth;
using Ebb.Worker;

namespace Ebb.PrPreview.Keeping;

/// <summary>Carries out what was asked for apart from webhooks, by the same way that a webhook goes.</summary>
internal sealed class RequestHandler(PreviewKeeper keeper, RobotRenewal robots, PreviewDocuments documents, GitHostFinder hosts)
{
    public Task<PreviewReport> HandleAsync(PreviewRequest request, FunctionContext context) => request.Action switch
    {
        PreviewAction.Create => CreateAsync(request, context),
        PreviewAction.Renew => robots.RenewAsync(PreviewName.For(request.App!.Value, request.Number), request.ExpiringBefore!.Value, context),
        _ => RemoveAsync(request, context),
    };

    private async Task<PreviewReport> CreateAsync(PreviewRequest request, FunctionContext context)
    {
        var (kind, repository) = (request.Host!.Value, request.Repository!);
        var server = request.Server ?? kind.Name();
        var host = hosts(server, kind)
            ?? throw Refused($"A preview by hand needs credentials for the Git host: set Git:Hosts:{server}.");
        var found = await host.GetPullRequestAsync(repository, request.Number, context.CancellationToken);
        var report = await keeper.KeepAsync(
            new PullRequestEvent
            {
                Host = kind,
                Server = server,
                Hook = ByHand,
                DeliveryId = context.RunId.ToString(),
                ReceivedAt = DateTimeOffset.MinValue,
                Action = PullRequestAction.Edited,
                State = found.State,
                Number = found.Number,
                Title = found.Title,
                Author = found.Author,
                SourceBranch = found.SourceBranch,
                TargetBranch = found.TargetBranch,
                HeadSha = found.HeadSha,
                IsFork = found.IsFork,
                Labels = found.Labels,
                Repository = found.Repository,
            },
            new Demand(Create: true, Removal: null),
            context);
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

        return await keeper.KeepAsync(HintOf(known, context), new Demand(Create: false, request.Reason ?? RemovalReason.ByHand), context);
    }

    // Older than any webhook, so that it never counts as the newest of what is known where the host cannot be asked.
    private static PullRequestEvent HintOf(Preview known, FunctionContext context) => new()
    {
        Host = known.Host,
        Server = known.Server,
        Hook = ByHand,
        DeliveryId = context.RunId.ToString(),
        ReceivedAt = DateTimeOffset.MinValue,
        Action = PullRequestAction.Edited,
        State = PullRequestState.Open,
        Number = known.Number,
        Title = "",
        Author = ByHand,
        SourceBranch = $"preview/{known.App}/{ByHand}",
        TargetBranch = ByHand,
        HeadSha = known.HeadSha,
        IsFork = false,
        Repository = known.Repository,
    };

    private const string ByHand = "by-hand";

    private static FunctionFailedException Refused(string why) => new(why) { Retryable = false };
}
