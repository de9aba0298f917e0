using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.Webhooks.Git;

/// <summary>The door of pull request previews: takes what seven Git hosts send, each in its own way.</summary>
public static class GitWebhook
{
    /// <summary>
    /// <c>POST /api/git/{github|gitlab|gitea|forgejo|bitbucket-cloud|bitbucket-server|azure-devops}/{hook}</c>. The host's signature is the
    /// credential, so no function key is asked for. Answers 202 with the run once the event is durable, 200 for a test, 204 for what means
    /// nothing here, 200 with <c>accepted: false</c> and the reasons for an event that lacks something (hosts switch hooks off that answer
    /// 4xx), 400 for what the host of this hook cannot have sent, 413, and 401 without a reason.
    /// </summary>
    [Function("GitWebhook")]
    public static Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "git/{host}/{hook}")] HttpRequest request, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        return request.HttpContext.RequestServices.GetRequiredService<GitDoor>().AnswerAsync(request, context.CancellationToken);
    }
}
