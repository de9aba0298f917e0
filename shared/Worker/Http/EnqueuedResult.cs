using System.Diagnostics;
using System.Text;
using Ebb.Storage;
using Ebb.Worker.Hosting;
using Ebb.Worker.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.Worker.Http;

/// <summary>Accepts a message and answers with its run, or once that has succeeded with what <paramref name="then"/> gives.</summary>
internal sealed class EnqueuedResult(EnqueueRequest message, Func<CancellationToken, ValueTask<IResult>>? then = null) : IResult
{
    private const int MaxIdempotencyKeyLength = 256;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (!WaitParameter.TryRead(httpContext.Request, out var wait))
        {
            await Refuse(httpContext, $"wait is wrong; {WaitParameter.Rule}.");
            return;
        }

        var key = message.IdempotencyKey ?? httpContext.Request.Headers["Idempotency-Key"].ToString();
        if (key.Length > MaxIdempotencyKeyLength)
        {
            await Refuse(httpContext, $"Idempotency-Key has {key.Length} characters; at most {MaxIdempotencyKeyLength} are taken.");
            return;
        }

        if (key.Any(char.IsControl))
        {
            await Refuse(httpContext, "Idempotency-Key holds a control character. Correct what writes it.");
            return;
        }

        if (StorableText.Problem("The message", message.Body) is { } problem)
        {
            await Refuse(httpContext, problem);
            return;
        }

        if (Encoding.UTF8.GetByteCount(message.Body) > EnqueueRequest.MaxBodyBytes)
        {
            await Problem.Of(StatusCodes.Status413PayloadTooLarge, "A message has at most 4 MiB.").WriteAsync(httpContext);
            return;
        }

        await EnqueueAsync(httpContext, message with { IdempotencyKey = key.Length == 0 ? null : key }, wait);
    }

    private static Task Refuse(HttpContext http, string detail) => Problem.Of(StatusCodes.Status400BadRequest, detail).WriteAsync(http);

    private async Task EnqueueAsync(HttpContext http, EnqueueRequest request, TimeSpan wait)
    {
        var storage = http.RequestServices.GetRequiredService<IHostStorage>();
        request = WithOrigin(request, http);
        var accepted = await storage.Queues.EnqueueAsync(request, http.RequestAborted);
        var known = accepted.Created ? null : await storage.Runs.GetAsync(accepted.RunId, http.RequestAborted);
        if (known is not null && !CallerNames.MayBeOne(known.Caller, request.Caller) && message.IdempotencyKey is null)
        {
            // Two pipelines with the same number: neither may take the other's run for its own, nor learn of it.
            await Problem.Of(StatusCodes.Status409Conflict, "This Idempotency-Key was used by another caller, and nothing was accepted. Put the project's name into it.")
                .WriteAsync(http);
            return;
        }

        if (wait > TimeSpan.Zero)
        {
            try
            {
                await RunResponse.WaitAsync(http, storage.Runs, http.RequestServices.GetRequiredService<HostState>(), accepted.RunId, wait, then);
                return;
            }
            catch (HostStorageException) when (!http.Response.HasStarted)
            {
                // The work is accepted: whoever is told that it is not sends it again.
            }
        }

        http.Response.Headers.Location = RunResponse.UrlOf(accepted.RunId);
        await JsonAnswer.WriteAsync(
            http, StatusCodes.Status202Accepted, new AcceptedRun(accepted.RunId.ToString(), known?.State ?? RunState.Queued), WorkerJson.Default.AcceptedRun);
    }

    private static EnqueueRequest WithOrigin(EnqueueRequest request, HttpContext http) => request with
    {
        Caller = request.Caller ?? http.Features.Get<Caller>()?.Name,
        TraceParent = request.TraceParent ?? Activity.Current?.Id,
        TraceState = request.TraceState ?? Activity.Current?.TraceStateString,
    };
}
