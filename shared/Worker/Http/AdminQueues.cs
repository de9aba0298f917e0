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

    private static RequestDelegate Named(Func<HttpContext, string, Task> answer) => http =>
    {
        var queue = http.Request.RouteValues["queue"] as string ?? string.Empty;
        return QueueName.Exists(queue) ? answer(http, queue) : Refuse(http, $"'{queue}' is no queue's name; {QueueName.Rule}.");
    };

    private async Task PeekAsync(HttpContext http, string queue)
    {
        var limit = http.Request.Query["limit"].ToString();
        var count = DefaultLimit;
        if (limit.Length > 0 && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count is 0 or > MaxLimit))
        {
            await Refuse(http, $"limit must be a number from 1 to {MaxLimit}.");
            return;
        }

        var counts = await storage.Queues.CountAsync(queue, http.RequestAborted);
        var messages = await storage.Queues.PeekAsync(queue, IsPoison(http), count, http.RequestAborted);
        await JsonAnswer.WriteAsync(http, StatusCodes.Status200OK, QueueView.Of(queue, counts, messages), WorkerJson.Default.QueueView);
    }

    private async Task RedriveAsync(HttpContext http, string queue)
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

        await ChangedAsync(http, queue, await storage.Queues.RedriveAsync(queue, id, http.RequestAborted));
    }

    private async Task PurgeAsync(HttpContext http, string queue) =>
        await ChangedAsync(http, queue, await storage.Queues.PurgeAsync(queue, IsPoison(http), http.RequestAborted));

    private static Task ChangedAsync(HttpContext http, string queue, int count) =>
        JsonAnswer.WriteAsync(http, StatusCodes.Status200OK, new QueueChange(queue, count), WorkerJson.Default.QueueChange);

    private static bool IsPoison(HttpContext http) => http.Request.Query["poison"].ToString() is "true" or "1";

    private static Task Refuse(HttpContext http, string detail) => Problem.Of(StatusCodes.Status400BadRequest, detail).WriteAsync(http);
}
