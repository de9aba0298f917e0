using System.Text.Json;
using System.Text.Json.Serialization;
using Ebb.Storage;
using Ebb.Worker.Definitions;
using Ebb.Worker.Hosting;
using Ebb.Worker.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using HttpJsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Ebb.Worker;

/// <summary>Function apps in another host than <see cref="FunctionHost"/>: a standard isolated worker of Azure Functions.</summary>
public static class OtherHost
{
    /// <summary>
    /// Adds what the apps' functions ask for: their settings' defaults, services, JSON metadata and middleware, and host storage, which is
    /// opened now (setting <c>Storage</c>) and keeps documents and what <see cref="RunAnswers"/> enqueues. Triggers, keys, retries and runs
    /// are the other host's; it starts functions too that are off here, and hears why they fail.
    /// </summary>
    /// <param name="host">The host's builder.</param>
    /// <param name="worker">The worker's builder, which is the same object where <c>FunctionsApplication.CreateBuilder</c> made it.</param>
    /// <param name="apps">The apps.</param>
    /// <exception cref="HostStartException">The configuration is wrong; it lists every problem.</exception>
    /// <exception cref="HostStorageException">Storage cannot be opened.</exception>
    public static async Task AddFunctionAppsAsync(this IHostApplicationBuilder host, IFunctionsWorkerApplicationBuilder worker, IReadOnlyList<IFunctionApp> apps)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(worker);
        ArgumentNullException.ThrowIfNull(apps);
        host.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = apps.SelectMany(app => app.DefaultSettings),
        });
        var problems = new List<string>();
        var catalog = FunctionCatalog.Build(apps, host.Configuration, new Configuration.HostOptions(), AppJson.Combine(apps), problems);
        var storage = await OpenAsync(host.Configuration, apps, problems);
        worker.Use(next => context => catalog.WhyOff(context.FunctionDefinition.Name) is not { } off ? next(context) : throw new FunctionFailedException(
            $"{off} Set AzureWebJobs.{context.FunctionDefinition.Name}.Disabled to true, so that this host leaves it out.")
        { Retryable = false });
        host.Services.AddSingleton(storage);
        host.Services.AddSingleton(TimeProvider.System);
        host.Services.AddSingleton(provider => new HostState(TimeProvider.System, provider.GetRequiredService<ILogger<HostState>>()));
        AddJson(host.Services, apps);
        foreach (var app in apps)
        {
            app.ConfigureServices(host.Services, host.Configuration);
            var middleware = new MiddlewareBuilder(host.Services);
            app.ConfigureMiddleware(middleware);
            foreach (var around in middleware.Around)
            {
                worker.Use(around);
            }
        }
    }

    private static async Task<IHostStorage> OpenAsync(IConfiguration configuration, IReadOnlyList<IFunctionApp> apps, List<string> problems)
    {
        var options = HostStorageOptions.From(configuration, problems);
        problems.AddRange(apps.SelectMany(app => app.Validate(configuration).Select(problem => $"{app.Name}: {problem}")));
        using var loggers = LoggerFactory.Create(logging => logging.AddSimpleConsole());
        return problems.Count > 0
            ? throw new HostStartException(problems)
            : await HostStorage.OpenAsync(options, TimeProvider.System, loggers, CancellationToken.None);
    }

    private static void AddJson(IServiceCollection services, IReadOnlyList<IFunctionApp> apps)
    {
        services.AddSingleton(AppJson.Combine(apps));
        services.Configure<JsonSerializerOptions>(json => Add(json, apps));
        services.Configure<HttpJsonOptions>(json => Add(json.SerializerOptions, apps));
    }

    private static void Add(JsonSerializerOptions json, IReadOnlyList<IFunctionApp> apps)
    {
        // As AppJson has it: what is sent and returned looks the same in every host.
        json.PropertyNameCaseInsensitive = true;
        json.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        json.NumberHandling = JsonNumberHandling.AllowReadingFromString;
        json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        foreach (var app in apps)
        {
            json.TypeInfoResolverChain.Add(app.Json);
        }

        json.TypeInfoResolverChain.Add(WorkerJson.Default);
    }
}
