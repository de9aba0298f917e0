using Ebb.Worker.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Ebb.Worker.Http;

/// <summary>Liveness and readiness, for anyone.</summary>
internal static class HealthEndpoints
{
    private static readonly string[] Methods = ["GET", "HEAD"];

    public static void Map(IEndpointRouteBuilder routes, HostState state)
    {
        routes.MapMethods("/healthz/live", Methods, http => http.Response.WriteAsync("live\n"));
        routes.MapMethods("/healthz/ready", Methods, http =>
        {
            http.Response.StatusCode = state.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            return http.Response.WriteAsync(state.IsReady ? "ready\n" : state.IsDraining ? "draining\n" : "starting\n");
        });
    }
}
