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
    }

    /// <summary>The way of every invocation.</summary>
    public static InvocationDelegate Pipeline(
        HostSetup setup, IServiceProvider services, IHostStorage storage, ILoggerFactory loggers, HostState state)
    {
        var logger = loggers.CreateLogger("Ebb.Worker.Invocation");
        return InvocationPipeline.Fold(
            FunctionCall.InvokeAsync,
            Telemetered.Using(state),
            Logged.Using(logger),
            Recorded.Using(storage.Runs, state, logger),
            ErrorsMapped.Using(setup.Host, logger),
            TimeLimited.Using(setup.Host, setup.Worker, state),
            Scoped.Using(services),
            Sent.Using(services));
    }
}
