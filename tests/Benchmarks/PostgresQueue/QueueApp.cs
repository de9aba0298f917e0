using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Ebb.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.Benchmarks.PostgresQueue;

/// <summary>An app with one function that does nothing but count.</summary>
internal sealed class QueueApp(Countdown jobs) : IFunctionApp
{
    public string Name => "Benchmark";

    public IReadOnlyList<IndexedFunction> Functions { get; } = [.. FunctionIndex.Functions.Where(function => function.Name == "Mirror")];

    public IJsonTypeInfoResolver Json => MirrorJson.Default;

    public IReadOnlyDictionary<string, string?> DefaultSettings { get; } = new Dictionary<string, string?>();

    public void ConfigureServices(IServiceCollection services, IConfiguration configuration) => services.AddSingleton(jobs);

    public IEnumerable<string> Validate(IConfiguration configuration) => [];

    public IEnumerable<Command> Commands(IConfiguration configuration) => [];
}
