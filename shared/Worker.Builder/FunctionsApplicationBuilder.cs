using System.Diagnostics.CodeAnalysis;
using Ebb.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Collects a function app's services, settings and middleware, and builds the host that runs it: Ebb's.</summary>
[RequiresUnreferencedCode(FunctionsApplication.Reflects)]
[RequiresDynamicCode(FunctionsApplication.Reflects)]
public sealed class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    private readonly string[] _args;
    private readonly HostApplicationBuilder _inner;
    private readonly HashSet<ServiceDescriptor> _hosting;
    private readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> _middleware = [];

    internal FunctionsApplicationBuilder(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        _args = args;
        _inner = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        _inner.Configuration.AddEnvironmentVariables();
        _hosting = [.. _inner.Services];
    }

    /// <inheritdoc/>
    public IServiceCollection Services => _inner.Services;

    /// <inheritdoc/>
    public IConfigurationManager Configuration => _inner.Configuration;

    /// <inheritdoc/>
    public IHostEnvironment Environment => _inner.Environment;

    /// <summary>Has no effect on where logs go: Ebb writes them as host.json says.</summary>
    public ILoggingBuilder Logging => _inner.Logging;

    /// <inheritdoc/>
    public IMetricsBuilder Metrics => _inner.Metrics;

    /// <inheritdoc/>
    public IDictionary<object, object> Properties => ((IHostApplicationBuilder)_inner).Properties;

    /// <inheritdoc/>
    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        _middleware.Add(middleware);
        return this;
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always: Ebb has one container.</exception>
    public void ConfigureContainer<TContainerBuilder>(IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull => throw new NotSupportedException("Ebb takes no other container. Register the services in Services.");

    /// <summary>Builds the host. Its <c>Run</c> is Ebb's command line, and its exit code the process's.</summary>
    public IHost Build() => new ProgramHost(_inner.Build(), _args, new ProgramApp
    {
        Services = [.. Services.Where(service => !_hosting.Contains(service))],
        Middleware = _middleware,
        Settings = Configuration.AsEnumerable().Where(setting => setting.Value is not null).ToDictionary(StringComparer.OrdinalIgnoreCase),
    });
}

/// <summary>ASP.NET Core's part.</summary>
public static class FunctionsApplicationBuilderAspNetCoreExtensions
{
    /// <summary>Lets HTTP functions answer with an <c>IActionResult</c>; they take an <c>HttpRequest</c> and return an <c>IResult</c> anyway.</summary>
    [RequiresUnreferencedCode(FunctionsApplication.Reflects)]
    [RequiresDynamicCode(FunctionsApplication.Reflects)]
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddMvcCore();
        return builder;
    }
}
