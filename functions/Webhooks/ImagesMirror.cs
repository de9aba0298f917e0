using System.Text;
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
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

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
        if (await RequestBody.ReadAsync(request, MirrorRequestReader.MaxBytes, context.CancellationToken) is not { } body)
        {
            return RunAnswers.Problem(StatusCodes.Status413PayloadTooLarge, $"A request has at most {MirrorRequestReader.MaxBytes} bytes; split it.");
        }

        var problems = new ListProblems();
        if (Decode(body, problems) is not { } json || MirrorRequestReader.Read(json, problems) is not { } read)
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

    private static string? Decode(byte[] body, ListProblems problems)
    {
        try
        {
            return StrictUtf8.GetString(body);
        }
        catch (DecoderFallbackException)
        {
            problems.Add("request", "the body is not UTF-8 text");
            return null;
        }
    }
}
