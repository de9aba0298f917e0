using Ebb.Contracts.Secrets;
using Ebb.Worker;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.Webhooks.Secrets;

/// <summary>
/// The door of SecretBump: checks a change in full, and that the key may ask for it, and accepts it. <c>?wait=60s</c> answers with the
/// outcome.
/// </summary>
public static class SecretChanges
{
    /// <summary><c>POST /api/secrets/bump</c> <c>{"application":"shop","new_tag":"1.4.0","environments":["dev"],"build":"17"}</c></summary>
    [Function("SecretsBump")]
    [Scoped]
    public static Task<IResult> BumpAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "secrets/bump")] HttpRequest request, FunctionContext context) =>
        AcceptAsync("bump", request, context);

    /// <summary><c>POST /api/secrets/rollback</c> <c>{"application":"shop","environment":"prd","to":"1.3.9","pin":true}</c></summary>
    [Function("SecretsRollback")]
    [Scoped]
    public static Task<IResult> RollbackAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "secrets/rollback")] HttpRequest request, FunctionContext context) =>
        AcceptAsync("rollback", request, context);

    /// <summary><c>POST /api/secrets/pin</c> <c>{"application":"shop","environment":"prd","reason":"…"}</c></summary>
    [Function("SecretsPin")]
    [Scoped]
    public static Task<IResult> PinAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "secrets/pin")] HttpRequest request, FunctionContext context) =>
        AcceptAsync("pin", request, context);

    /// <summary><c>POST /api/secrets/unpin</c> <c>{"application":"shop","environment":"prd"}</c></summary>
    [Function("SecretsUnpin")]
    [Scoped]
    public static Task<IResult> UnpinAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "secrets/unpin")] HttpRequest request, FunctionContext context) =>
        AcceptAsync("unpin", request, context);

    /// <summary><c>POST /api/secrets/approve</c> <c>{"application":"shop","environment":"prd","new_tag":"1.4.0"}</c>, with another key than the bump's.</summary>
    [Function("SecretsApprove")]
    [Scoped]
    public static Task<IResult> ApproveAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "secrets/approve")] HttpRequest request, FunctionContext context) =>
        AcceptAsync("approve", request, context);

    internal static IResult Forbidden(FunctionContext context, string application) => RunAnswers.Problem(
        StatusCodes.Status403Forbidden, $"'{context.Caller}' is not for the application '{application}'. Use that application's key, or have scopes.json extended.");

    private static Task<IResult> AcceptAsync(string change, HttpRequest request, FunctionContext context) => CommandDoor.AcceptAsync(
        SecretChange.CommandOf(change), request, context, read => context.Scope.Allows(read.Application) ? null : Forbidden(context, read.Application));
}
