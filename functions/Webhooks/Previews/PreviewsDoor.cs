using System.Globalization;
using System.Text;
using System.Text.Json;
using Ebb.Contracts;
using Ebb.Contracts.Images;
using Ebb.Contracts.Previews;
using Ebb.Http;
using Ebb.Storage;
using Ebb.Webhooks.Git;
using Ebb.Worker;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Ebb.Webhooks.Previews;

/// <summary>The door of previews for people and pipelines: shows what the worker knows, and accepts requests.</summary>
public sealed partial class PreviewsDoor(IHostStorage storage, ILogger<PreviewsDoor> logger)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary><c>GET /api/previews</c>: every preview whose document can be read, by name; with <c>?removed=true</c> also those that are gone.</summary>
    [Function("ListPreviews")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "previews")] HttpRequest request, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var removed = request.Query["removed"] == "true";
        var documents = await storage.Documents.ListAsync(Preview.KeyPrefix, context.CancellationToken);
        IReadOnlyList<Preview> previews = [.. documents
            .Select(Read)
            .OfType<Preview>()
            .Where(preview => removed || preview.State is not PreviewState.Removed)];
        return Results.Json(previews, ContractsJson.Default.IReadOnlyListPreview);
    }

    /// <summary>
    /// <c>POST /api/previews</c> with <c>{"host":"gitea","repository":{"id":"42","fullName":"acme/shop"},"number":7}</c>: makes a preview of an
    /// open pull request, also where it was removed by hand or for its age.
    /// </summary>
    [Function("CreatePreview")]
    public static async Task<IResult> CreateAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "previews")] HttpRequest request, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        using var body = await PooledBody.ReadAsync(request, PreviewRequestReader.MaxLength, context.CancellationToken);
        if (body is null)
        {
            return RunAnswers.Problem(StatusCodes.Status413PayloadTooLarge, $"A request has at most {PreviewRequestReader.MaxLength} bytes.");
        }

        var problems = new ListProblems();
        if (Decode(ByteOrderMark.Skip(body.Bytes.Span), problems) is not { } json || PreviewRequestReader.Read(json, problems) is not { } read)
        {
            return RunAnswers.Problem(StatusCodes.Status400BadRequest, string.Join('\n', problems.Messages));
        }

        return read.Action is PreviewAction.Create
            ? Enqueued(read, $"{read.Server ?? read.Host!.Value.ToString()}/{read.Repository!.Id}/{read.Number}")
            : RunAnswers.Problem(StatusCodes.Status400BadRequest, "This makes previews. One is removed by DELETE /api/previews/{app}/{number}.");
    }

    /// <summary><c>DELETE /api/previews/{app}/{number}</c>: removes a preview; a push brings it back.</summary>
    [Function("RemovePreview")]
    public async Task<IResult> RemoveAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "previews/{app}/{number}")] HttpRequest request, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        if (!AppName.TryParse(request.RouteValues["app"] as string, out var app)
            || !int.TryParse(request.RouteValues["number"] as string, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1)
        {
            return RunAnswers.Problem(StatusCodes.Status400BadRequest, $"A preview is named by its application ({AppName.Rule}) and the pull request's number.");
        }

        var name = PreviewName.For(app, number);
        return await storage.Documents.GetAsync(Preview.KeyOf(name), context.CancellationToken) is null
            ? RunAnswers.Problem(StatusCodes.Status404NotFound, $"Nothing is known of a preview {name}. GET /api/previews lists them.")
            : Enqueued(new PreviewRequest { Action = PreviewAction.Remove, App = app, Number = number }, name.Value);
    }

    // The reaper's run names it too, and fails.
    private Preview? Read(Document document)
    {
        try
        {
            return JsonSerializer.Deserialize(document.Value, ContractsJson.Default.Preview);
        }
        catch (JsonException e)
        {
            LogUnreadable(document.Key, e.Path ?? "$");
            return null;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The document {Document} holds no preview that can be read ({Path}); it is left out of the list. The reaper says what to do.")]
    private partial void LogUnreadable(string document, string path);

    private static IResult Enqueued(PreviewRequest request, string sequence) => RunAnswers.Enqueued(new EnqueueRequest
    {
        Queue = Queues.Previews,
        SequenceKey = sequence,
        // Written anew, so that nothing but what was checked passes the queue.
        Body = JsonSerializer.Serialize(request, ContractsJson.Default.PreviewRequest),
    });

    private static string? Decode(ReadOnlySpan<byte> body, ListProblems problems)
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
