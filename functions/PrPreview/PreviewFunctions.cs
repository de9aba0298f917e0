using Ebb.Contracts;
using Ebb.Contracts.Images;
using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.PrPreview.Keeping;
using Ebb.PrPreview.Reaping;
using Ebb.Storage;
using Ebb.Worker;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.PrPreview;

/// <summary>
/// Keeps previews as their pull requests say. Runs are tried again for about two hours where a host, the cluster or a registry does not
/// answer: giving up sooner would leave what a closed pull request should have taken with it.
/// </summary>
public sealed class PreviewFunctions(IHostStorage storage)
{
    /// <summary>A webhook said that something happened to a pull request.</summary>
    [Function("PreviewOnPullRequest")]
    [MessageRetry(30, "00:00:02", "00:05:00")]
    public static Task<PreviewReport> OnPullRequest([QueueTrigger(Queues.PullRequests)] string message, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var problems = new ListProblems();
        return PullRequestEventReader.Read(message, problems) is { } hint
            ? Service<PreviewKeeper>(context).KeepAsync(Occasion.Of(hint), context)
            : throw MessageFormatException.Of<PullRequestEvent>(problems);
    }

    /// <summary>Somebody, or the reaper, asks for a preview or for the end of one.</summary>
    [Function("PreviewOnRequest")]
    [MessageRetry(30, "00:00:02", "00:05:00")]
    public static Task<PreviewReport> OnRequest([QueueTrigger(Queues.Previews)] string message, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Service<RequestHandler>(context).HandleAsync(Read(message), context);
    }

    /// <summary>A RabbitMQ message asks for the same. It becomes a message of host storage, where it can wait and be followed.</summary>
    [Function("PreviewOnMessage")]
    public async Task<EnqueuedPreview> OnMessage([RabbitMQTrigger("%PrPreview:RabbitMQQueue%")] string message, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var request = Read(message);
        if (request.Action is not (PreviewAction.Create or PreviewAction.Remove))
        {
            throw new MessageFormatException(typeof(PreviewRequest), "$.action", "only create and remove are asked for from outside");
        }

        var accepted = await storage.Queues.EnqueueAsync(
            EnqueueRequest.For(PreviewRequest.Command, request) with
            {
                // The broker may deliver it twice. Who sends what looks like another's message must not stand in for it.
                IdempotencyKey = $"{context.Caller}/{context.RunId}",
                Caller = context.Caller,
            },
            context.CancellationToken);
        return new EnqueuedPreview(accepted.RunId.ToString());
    }

    /// <summary>Finds previews that are over, and robot accounts that soon expire.</summary>
    [Function("ReapPreviews")]
    public static Task<ReapReport> Reap([TimerTrigger("%PrPreview:ReapSchedule%")] TimerInfo timer, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Service<Reaper>(context).RunAsync(timer, context);
    }

    private static T Service<T>(FunctionContext context)
        where T : notnull => context.InstanceServices.GetRequiredService<T>();

    private static PreviewRequest Read(string message)
    {
        var problems = new ListProblems();
        return PreviewRequest.Command.Read(message, problems) ?? throw MessageFormatException.Of<PreviewRequest>(problems);
    }
}

/// <summary>Where a message went on.</summary>
/// <param name="Run">The run to follow.</param>
public sealed record EnqueuedPreview(string Run);
