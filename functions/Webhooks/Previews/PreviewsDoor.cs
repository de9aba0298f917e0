using System.Globalization;
using System.Text.Json;
using Ebb.Contracts;
using Ebb.Contracts.Previews;
using Ebb.Storage;
using Ebb.Worker;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Ebb.Webhooks.Previews;

/// <summary>The door of previews for people and pipelines: shows what the worker knows, and accepts requests.</summary>
public sealed partial class PreviewsDoor(IHostStorage storage, ILogger<PreviewsDoor> logger)
{
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
    public static Task<IResult> CreateAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "previews")] HttpRequest request, FunctionContext context) =>
        CommandDoor.AcceptAsync(PreviewRequest.Command, request, context, read => read.Action is PreviewAction.Create
            ? null
            : RunAnswers.Problem(StatusCodes.Status400BadRequest, "This makes previews. One is removed by DELETE /api/previews/{app}/{number}."));

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
            : RunAnswers.Enqueued(EnqueueRequest.For(PreviewRequest.Command, new PreviewRequest { Action = PreviewAction.Remove, App = app, Number = number }));
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
}
