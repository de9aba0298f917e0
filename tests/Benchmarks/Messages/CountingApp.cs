using System.CommandLine;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ebb.RabbitMq;
using Ebb.Worker;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.Benchmarks.Messages;

/// <summary>An app whose one function counts its messages.</summary>
internal sealed class CountingApp(Counter counter) : IFunctionApp
{
    public string Name => "Benchmark";

    public IReadOnlyList<IndexedFunction> Functions { get; } = [.. FunctionIndex.Functions.Where(function => function.Name == "Count")];

    public IJsonTypeInfoResolver Json => CountingJson.Default;

    public IReadOnlyDictionary<string, string?> DefaultSettings { get; } = new Dictionary<string, string?>();

    public void ConfigureServices(IServiceCollection services, IConfiguration configuration) =>
        services.AddSingleton(counter).AddRabbitMQ(configuration);

    public IEnumerable<string> Validate(IConfiguration configuration) => RabbitMQServices.Validate(configuration);

    public IEnumerable<Command> Commands(IConfiguration configuration) => [];
}

public sealed class CountingFunction(Counter counter)
{
    [Function("Count")]
    public void Count([RabbitMQTrigger("%Benchmark:Queue%")] Order order)
    {
        ArgumentNullException.ThrowIfNull(order);
        counter.Handled();
    }
}

/// <summary>A message as systems send them.</summary>
public sealed record Order(string Id, string Customer, IReadOnlyList<int> Articles);

[JsonSerializable(typeof(Order))]
internal sealed partial class CountingJson : JsonSerializerContext;
