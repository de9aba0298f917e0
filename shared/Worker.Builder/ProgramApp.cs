using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.Worker.Builder;

/// <summary>The app that a <c>Program.cs</c> describes.</summary>
[RequiresUnreferencedCode(FunctionsApplication.Reflects)]
[RequiresDynamicCode(FunctionsApplication.Reflects)]
internal sealed class ProgramApp : IFunctionApp
{
    public required IReadOnlyList<ServiceDescriptor> Services { get; init; }

    public required IReadOnlyList<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> Middleware { get; init; }

    public required IReadOnlyDictionary<string, string?> Settings { get; init; }

    public string Name { get; } = Assembly.GetEntryAssembly()?.GetName().Name ?? "Program";

    public IReadOnlyList<IndexedFunction> Functions => ProgramFunctions.Indexed;

    public IJsonTypeInfoResolver Json { get; } = new DefaultJsonTypeInfoResolver();

    public IReadOnlyDictionary<string, string?> DefaultSettings => Settings;

    public void ConfigureServices(IServiceCollection services, IConfiguration configuration)
    {
        foreach (var service in Services)
        {
            services.Add(service);
        }
    }

    public void ConfigureMiddleware(MiddlewareBuilder worker)
    {
        foreach (var middleware in Middleware)
        {
            worker.Use(middleware);
        }
    }

    public IEnumerable<string> Validate(IConfiguration configuration) => [];

    public IEnumerable<Command> Commands(IConfiguration configuration) => [];
}
