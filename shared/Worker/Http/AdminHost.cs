using Ebb.Worker.Hosting;
using Ebb.Worker.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Ebb.Worker.Http;

/// <summary><c>/admin/host</c>: status, ping and drain. All but ping need the master key.</summary>
internal sealed class AdminHost(HostState state)
{
    private static readonly string[] PingMethods = ["GET", "POST"];

    public void Map(IEndpointRouteBuilder routes, AdminGate gate)
    {
        routes.MapMethods("/admin/host/ping", PingMethods, _ => Task.CompletedTask);
        routes.MapGet("/admin/host/status", gate.Guard(StatusAsync));
        routes.MapPost("/admin/host/drain", gate.Guard(DrainAsync));
        routes.MapGet("/admin/host/drain/status", gate.Guard(DrainStatusAsync));
    }

    private Task StatusAsync(HttpContext http) => JsonAnswer.WriteAsync(
        http, StatusCodes.Status200OK,
        new HostStatus(
            Environment.MachineName.ToLowerInvariant(), state.Name, HostVersion.Text, state.InstanceId,
            (long)(state.Time.GetUtcNow() - state.StartedAt).TotalMilliseconds, []),
        WorkerJson.Default.HostStatus);

    private async Task DrainAsync(HttpContext http)
    {
        await state.DrainAsync();
        http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    private Task DrainStatusAsync(HttpContext http)
    {
        var running = state.RunningInvocations;
        var name = !state.IsDraining ? "Disabled" : running > 0 ? "InProgress" : "Completed";
        return JsonAnswer.WriteAsync(http, StatusCodes.Status200OK, new DrainStatus(name, running, 0), WorkerJson.Default.DrainStatus);
    }
}
