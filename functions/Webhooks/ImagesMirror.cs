using System.Text.Json;
using Ebb.Contracts;
using Ebb.Contracts.Images;
using Ebb.Storage;
using Ebb.Worker;
using Microsoft.AspNetCore.Http;

namespace Ebb.Webhooks;

/// <summary>The door of ImageMirror: checks a request in full and accepts it.</summary>
public static class ImagesMirror
{
    /// <summary>
    /// <c>POST /api/images/mirror</c>: an empty body for the configured list, or
    /// <c>{"images":[…],"dryRun":true}</c> with images in the form of <c>images.yaml</c>.
    /// </summary>
    [Function("ImagesMirror")]
    public static async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "images/mirror")] HttpRequest request, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var body = await JsonBody.ReadAsync(request, MirrorRequestReader.MaxBytes, context.CancellationToken);
        if (body.Text is null)
        {
            return body.Refusal!;
        }

        var problems = new ListProblems();
        if (MirrorRequestReader.Read(body.Text, problems) is not { } read)
        {
            return RunAnswers.Problem(StatusCodes.Status400BadRequest, string.Join('\n', problems.Messages));
        }

        return RunAnswers.Enqueued(new EnqueueRequest
        {
            Queue = Queues.ImageMirror,
            // Requests that write run one at a time, on however many replicas.
            SequenceKey = read.DryRun ? null : "write",
            // Written anew, so that nothing but what was checked passes the queue.
            Body = JsonSerializer.Serialize(read, ContractsJson.Default.MirrorRequest),
        });
    }
}
