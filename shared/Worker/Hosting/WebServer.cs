using Ebb.Storage;
using Ebb.Worker.Definitions;
using Ebb.Worker.Http;
using Ebb.Worker.Invocations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Hosting;

/// <summary>Kestrel and the routes, and nothing of ASP.NET Core besides: start-up time is what scaling to zero lives on.</summary>
internal static class WebServer
{
    /// <summary>Everything but storage, which opens meanwhile and is added last.</summary>
    public static WebApplicationBuilder Prepare(HostSetup setup, ILoggerFactory loggers, HostState state)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = setup.Environment.WorkingDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = setup.Worker.MaxRequestBodySize;
        });
        builder.Services.AddRoutingCore();
        HostServices.Add(builder.Services, setup, loggers, state);

        // How long a stop takes is decided by RunningHost, and who stops it by FunctionHost.
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = Timeout.InfiniteTimeSpan);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        return builder;
    }

    public static void Map(
        WebApplication web, HostSetup setup, InvocationDelegate pipeline, IHostStorage storage, FunctionKeys keys, HostState state)
    {
        var gate = new KeyGate(keys, setup.Worker.AllowKeysInQuery);
        var admin = new AdminGate(gate);
        var limiter = new RequestLimiter(setup.Host);
        HealthEndpoints.Map(web, state);
        new RunsEndpoints(storage, gate, state).Map(web);
        new AdminHost(state).Map(web, admin);
        new AdminFunctions(setup.Functions, storage).Map(web, admin);
        new AdminQueues(storage).Map(web, admin);
        foreach (var function in setup.Functions.Functions.Where(function => function.IsHttp))
        {
            var endpoint = new HttpFunctionEndpoint(function, pipeline, gate, limiter, state);
            MapFunction(web, function, endpoint.InvokeAsync);
        }

        foreach (var function in setup.Functions.Off.Where(function => function.IsHttp))
        {
            MapFunction(web, function, Problem.Of(StatusCodes.Status404NotFound, setup.Functions.WhyOff(function.Name)!).WriteAsync);
        }
    }

    private static void MapFunction(IEndpointRouteBuilder routes, HostedFunction function, RequestDelegate answer)
    {
        var (route, methods) = (function.Route!, ((HttpTriggerDefinition)function.Definition.Trigger).Methods);
        if (methods.Count == 0)
        {
            routes.Map(route, answer);
        }
        else
        {
            routes.MapMethods(route, methods.Select(method => method.ToUpperInvariant()), answer);
        }
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
