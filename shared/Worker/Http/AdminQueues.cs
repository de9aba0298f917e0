using System.Globalization;
using Ebb.Storage;
using Ebb.Worker.Definitions;
using Ebb.Worker.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Ebb.Worker.Http;

/// <summary><c>/admin/queues/{queue}</c>: looks into queues, redrives and purges them. Needs the master key.</summary>
internal sealed class AdminQueues(IHostStorage storage)
{
    private const int DefaultLimit = 32;
    private const int MaxLimit = 1000;

    public void Map(IEndpointRouteBuilder routes, AdminGate gate)
    {
        routes.MapGet("/admin/queues/{queue}", gate.Guard(Named(PeekAsync)));
        routes.MapPost("/admin/queues/{queue}/redrive", gate.Guard(Named(RedriveAsync)));
        routes.MapPost("/admin/queues/{queue}/purge", gate.Guard(Named(PurgeAsync)));
    }

    private static RequestDelegate Named(Func<HttpContext, QueueAddress, Task> answer) => http =>
    {
        var queue = QueueAddress.Of(
            http.Request.RouteValues["queue"] as string ?? string.Empty, http.Request.Query["poison"].ToString() is "true" or "1");
        return QueueName.Exists(queue.Queue) ? answer(http, queue) : Refuse(http, $"'{queue.Queue}' is no queue's name; {QueueName.Rule}.");
    };

    private async Task PeekAsync(HttpContext http, QueueAddress queue)
    {
        var limit = http.Request.Query["limit"].ToString();
        var count = DefaultLimit;
        if (limit.Length > 0 && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count is 0 or > MaxLimit))
        {
            await Refuse(http, $"limit must be a number from 1 to {MaxLimit}.");
            return;
        }

        var counts = await storage.Queues.CountAsync(queue.Queue, http.RequestAborted);
        var messages = await storage.Queues.PeekAsync(queue.Queue, queue.IsPoison, count, http.RequestAborted);
        await JsonAnswer.WriteAsync(http, StatusCodes.Status200OK, QueueView.Of(queue.Queue, counts, messages), WorkerJson.Default.QueueView);
    }

    private async Task RedriveAsync(HttpContext http, QueueAddress queue)
    {
        var run = http.Request.Query["run"].ToString();
        RunId? id = null;
        if (run.Length > 0)
        {
            if (!RunId.TryParse(run, out var parsed))
            {
                await Refuse(http, "run is not the id of a run.");
                return;
            }

            id = parsed;
        }

        await ChangedAsync(http, queue.Queue, await storage.Queues.RedriveAsync(queue.Queue, id, http.RequestAborted));
    }

    private async Task PurgeAsync(HttpContext http, QueueAddress queue) =>
        await ChangedAsync(http, queue.Queue, await storage.Queues.PurgeAsync(queue.Queue, queue.IsPoison, http.RequestAborted));

    private static Task ChangedAsync(HttpContext http, string queue, int count) =>
        JsonAnswer.WriteAsync(http, StatusCodes.Status200OK, new QueueChange(queue, count), WorkerJson.Default.QueueChange);

    private static Task Refuse(HttpContext http, string detail) => Problem.Of(StatusCodes.Status400BadRequest, detail).WriteAsync(http);
}
