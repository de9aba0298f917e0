using Ebb.Storage;
using Ebb.Worker.Invocations;
using Ebb.Worker.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using HttpJsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Ebb.Worker.Hosting;

/// <summary>What functions can ask for in their constructors, with and without a web server.</summary>
internal static class HostServices
{
    public static void Add(IServiceCollection services, HostSetup setup, ILoggerFactory loggers, HostState state)
    {
        services.AddSingleton(loggers);
        services.AddSingleton(setup.Configuration);
        services.AddSingleton(setup.Environment.Time);
        services.AddSingleton(setup.Json);
        services.AddSingleton(setup.Host);
        services.AddSingleton(state);
        services.Configure<HttpJsonOptions>(json =>
        {
            foreach (var app in setup.Apps)
            {
                json.SerializerOptions.TypeInfoResolverChain.Add(app.Json);
            }

            json.SerializerOptions.TypeInfoResolverChain.Add(WorkerJson.Default);
        });
        foreach (var app in setup.Apps)
        {
            app.ConfigureServices(services, setup.Configuration);
        }

        AddMiddleware(services, setup);
    }

    /// <summary>The way of every invocation.</summary>
    public static InvocationDelegate Pipeline(
        HostSetup setup, IServiceProvider services, IHostStorage storage, ILoggerFactory loggers, HostState state)
    {
        var logger = loggers.CreateLogger("Ebb.Worker.Invocation");
        return InvocationPipeline.Fold(
            FunctionCall.Using(services),
            Telemetered.Using(state),
            Logged.Using(logger),
            Recorded.Using(storage.Runs, state, logger),
            ErrorsMapped.Using(setup.Host, logger),
            TimeLimited.Using(setup.Host, setup.Worker, state),
            Scoped.Using(services));
    }

    private static void AddMiddleware(IServiceCollection services, HostSetup setup)
    {
        var middleware = setup.Apps.ToDictionary(app => app.Name, _ => new MiddlewareBuilder(services));
        foreach (var app in setup.Apps)
        {
            app.ConfigureMiddleware(middleware[app.Name]);
        }

        if (middleware.Values.Any(app => app.Around.Count > 0))
        {
            WorkerInternals.Check();
        }

        services.AddSingleton(new AppPipelines(middleware));
    }
}
