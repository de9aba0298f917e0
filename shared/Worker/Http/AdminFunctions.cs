using System.Text;
using System.Text.Json;
using Ebb.Storage;
using Ebb.Worker.Definitions;
using Ebb.Worker.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Ebb.Worker.Http;

/// <summary><c>/admin/functions</c>: lists functions and starts them by hand. Needs the master key.</summary>
internal sealed class AdminFunctions(FunctionCatalog functions, IHostStorage storage)
{
    public void Map(IEndpointRouteBuilder routes, AdminGate gate)
    {
        routes.MapGet("/admin/functions", gate.Guard(ListAsync));
        routes.MapGet("/admin/functions/{name}", gate.Guard(Named(GetAsync)));
        routes.MapGet("/admin/functions/{name}/status", gate.Guard(Named(StatusAsync)));
        routes.MapPost("/admin/functions/{name}", gate.Guard(Named(StartAsync)));
    }

    private RequestDelegate Named(Func<HttpContext, HostedFunction, Task> answer) => http =>
    {
        var name = http.Request.RouteValues["name"] as string ?? string.Empty;
        return functions.Find(name) is { } function
            ? answer(http, function)
            : Problem.Of(StatusCodes.Status404NotFound, functions.WhyOff(name) ?? $"There is no function '{name}' here.").WriteAsync(http);
    };

    private async Task ListAsync(HttpContext http)
    {
        var views = new List<FunctionView>();
        foreach (var function in functions.Functions)
        {
            views.Add(await ViewAsync(function, http.RequestAborted));
        }

        await JsonAnswer.WriteAsync(http, StatusCodes.Status200OK, views, WorkerJson.Default.IReadOnlyListFunctionView);
    }

    private async Task GetAsync(HttpContext http, HostedFunction function) => await JsonAnswer.WriteAsync(
        http, StatusCodes.Status200OK, await ViewAsync(function, http.RequestAborted), WorkerJson.Default.FunctionView);

    private async Task StatusAsync(HttpContext http, HostedFunction function)
    {
        var queue = function.Queue is null ? null
            : QueueView.Of(function.Queue, await storage.Queues.CountAsync(function.Queue, http.RequestAborted), null);
        await JsonAnswer.WriteAsync(
            http, StatusCodes.Status200OK, new FunctionStatus(function.Name, [], queue), WorkerJson.Default.FunctionStatus);
    }

    private async ValueTask<FunctionView> ViewAsync(HostedFunction function, CancellationToken cancellationToken) =>
        FunctionViews.Of(function, function.IsTimer ? (await storage.Schedules.GetAsync(function.Name, cancellationToken))?.Next : null);

    private async Task StartAsync(HttpContext http, HostedFunction function)
    {
        if (function.Queue is null)
        {
            await Refuse(http, function.IsHttp
                ? $"'{function.Name}' is an HTTP function: call {function.Route} itself."
                : $"'{function.Name}' takes its messages from RabbitMQ: send one to the queue '{function.BrokerQueue}' there.");
            return;
        }

        var (input, wrong) = await ReadInputAsync(http);
        if (wrong is not null)
        {
            await Refuse(http, wrong);
            return;
        }

        await new EnqueuedResult(ManualRun.MessageFor(function, input)).ExecuteAsync(http);
    }

    private static Task Refuse(HttpContext http, string detail) => Problem.Of(StatusCodes.Status400BadRequest, detail).WriteAsync(http);

    private static async Task<(string? Input, string? Wrong)> ReadInputAsync(HttpContext http)
    {
        const string right = """The body must be {"input":"<the message as a string>"}, or empty.""";
        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        if (buffer.Length == 0)
        {
            return (null, null);
        }

        try
        {
            using var document = JsonDocument.Parse(WithoutMark(buffer.GetBuffer().AsMemory(0, (int)buffer.Length)));
            if (document.RootElement.ValueKind is not JsonValueKind.Object)
            {
                return (null, right);
            }

            return !document.RootElement.TryGetProperty("input", out var input) || input.ValueKind is JsonValueKind.Null
                ? (null, null)
                : input.ValueKind is JsonValueKind.String ? (input.GetString(), null) : (null, right);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // The second is what GetString throws for half of a surrogate pair.
            return (null, right);
        }
    }

    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> body) =>
        body.Span.StartsWith(Encoding.UTF8.Preamble) ? body[Encoding.UTF8.Preamble.Length..] : body;
}
