using Ebb.Contracts;
using Ebb.Worker;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.Webhooks;

/// <summary>
/// The door of ImageMirror: checks a request's form, and that the key may ask for it, and accepts it. What the list approves is for the
/// worker to say; with <c>?wait=</c> its refusal is the answer, 422 as well.
/// </summary>
public static class ImagesMirror
{
    /// <summary>The name in <c>scopes.json</c> that lets a key ask for images outside the list. No key has it unless it is written there.</summary>
    public const string AdhocScope = "images:adhoc";

    /// <summary>
    /// <c>POST /api/images/mirror</c>: an empty body for the whole list, <c>{"images":[{"name":"alpine","tags":["3.21"]}],"dryRun":true}</c>
    /// for some of it, or <c>{"adhoc":[{"source":"quay.io/team/tool","tags":["1.2"]}]}</c> for images outside it.
    /// </summary>
    [Function("ImagesMirror")]
    [Scoped]
    public static Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "images/mirror")] HttpRequest request, FunctionContext context) =>
        CommandDoor.AcceptAsync(MirrorRequest.Command, request, context, read => Refuse(read, context), StatusCodes.Status422UnprocessableEntity);

    private static IResult? Refuse(MirrorRequest read, FunctionContext context)
    {
        if (context.Scope.Names(AdhocScope))
        {
            return null;
        }

        var problem = read.Adhoc is not null
            ? $"The key '{context.Caller}' is not for images outside the list. Have them approved in the list (ImageMirror:ImagesFile), or have '{AdhocScope}' added to the key in scopes.json."
            : context.Scope.IsLimited ? $"The key '{context.Caller}' is limited by scopes.json, and not to images. Use one without limits, or have '{AdhocScope}' added to it." : null;
        return problem is null ? null : RunAnswers.Problem(StatusCodes.Status403Forbidden, problem);
    }
}
