using Ebb.Contracts.Images;
using Ebb.Contracts.PullRequests;
using Ebb.Webhooks.Git.Dialects;
using Ebb.Webhooks.Git.Hooks;
using Ebb.Webhooks.Git.Payloads;
using Ebb.Worker;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ebb.Webhooks.Git;

/// <summary>Decides what becomes of a delivery.</summary>
internal sealed partial class GitDoor(
    GitHooksOptions options, HookSecrets secrets, GitDialects dialects, PullRequestQueue queue, TimeProvider time, ILogger<GitDoor> logger)
{
    public async Task<IResult> AnswerAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var isHost = GitHostNames.TryParse(request.RouteValues["host"] as string, out var host);
        if (isHost && host == GitHostKind.BitbucketServer && BitbucketServerDialect.IsPing(new Delivery(request.Headers, default)))
        {
            return DeliveryAnswer.Pong;
        }

        using var body = await PooledBody.ReadAsync(request, options.MaxBodyBytes, cancellationToken);
        if (body is null)
        {
            return RunAnswers.Problem(StatusCodes.Status413PayloadTooLarge, $"A delivery has at most {options.MaxBodyBytes} bytes (Git:MaxBodyBytes).");
        }

        var delivery = new Delivery(request.Headers, body.Bytes);
        var dialect = dialects.Of(isHost ? host : GitHostKind.GitHub);
        var hook = Find(request.RouteValues["hook"] as string, isHost ? host : default);
        // Whether the hook exists or not, the body is read and two secrets are compared.
        var (current, previous) = secrets.Of(hook);
        var check = dialect.Check(hook);
        if (!(check.Admits(delivery, current) | check.Admits(delivery, previous)) || hook is null)
        {
            LogRefused(logger, request.ContentLength ?? -1);
            return RunAnswers.Problem(StatusCodes.Status401Unauthorized, "The delivery is not authenticated.");
        }

        return await AnswerAsync(hook, dialect.Dialect, delivery, cancellationToken);
    }

    private GitHook? Find(string? name, GitHostKind host) => options.Hooks.GetValueOrDefault(name ?? "") is { } hook && hook.Host == host ? hook : null;

    private async Task<IResult> AnswerAsync(GitHook hook, IGitDialect dialect, Delivery delivery, CancellationToken cancellationToken)
    {
        if (Foreign(hook, delivery) is { } mismatch)
        {
            LogRejected(logger, hook.Name, mismatch);
            return RunAnswers.Problem(StatusCodes.Status400BadRequest, mismatch);
        }

        return dialect.TopicOf(delivery) switch
        {
            Topic.Ping => DeliveryAnswer.Pong,
            Topic.PullRequest => await ReadAsync(hook, dialect, delivery, cancellationToken),
            _ => DeliveryAnswer.Nothing,
        };
    }

    // A hook that is set up for another product, or whose event header a proxy removed, fails from its first delivery: the host shows it.
    private static string? Foreign(GitHook hook, Delivery delivery)
    {
        var sender = Sender.Of(delivery);
        var expected = hook.Host == GitHostKind.AzureDevOps ? (GitHostKind?)null : hook.Host;
        return sender == expected ? null
            : sender is { } other ? $"This is a delivery of {other.Name()}, and the hook {hook.Name} is one of {hook.Host.Name()}. Use a hook whose Host is {other.Name()}."
            : $"The header that names the event of {hook.Host.Name()} is missing.";
    }

    private async Task<IResult> ReadAsync(GitHook hook, IGitDialect dialect, Delivery delivery, CancellationToken cancellationToken)
    {
        using var document = StrictJson.Parse(delivery.Body, out var problem);
        if (document is null)
        {
            LogRejected(logger, hook.Name, problem!);
            return RunAnswers.Problem(StatusCodes.Status400BadRequest, $"{problem}. Set the hook's content type to application/json.");
        }

        var problems = new ListProblems();
        var payload = new Payload(document.RootElement, problems);
        var facts = dialect.Read(delivery, payload);
        if (facts is null && problems.Messages.Count == 0)
        {
            return DeliveryAnswer.Nothing;
        }

        var origin = new DeliveryOrigin(hook, DeliveryIds.Of(dialect.DeliveryId(delivery, payload), delivery), time.GetUtcNow());
        var read = facts?.ToEvent(origin);
        if (problems.Messages.Count > 0 || read is null || !PullRequestEventRules.Check(read, problems))
        {
            LogNotUnderstood(logger, hook.Name, origin.DeliveryId, string.Join("; ", problems.Messages));
            return DeliveryAnswer.NotUnderstood(problems.Messages);
        }

        if (!hook.Covers(read.Repository.FullName))
        {
            LogNotCovered(logger, hook.Name, read.Repository.FullName);
            return DeliveryAnswer.Nothing;
        }

        return DeliveryAnswer.Accepted(await queue.EnqueueAsync(read, cancellationToken));
    }
}
