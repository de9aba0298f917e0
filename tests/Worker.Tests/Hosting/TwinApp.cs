using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Ebb.Worker.SampleApp;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.Worker.Tests.Hosting;

/// <summary>An app of which everything is wrong.</summary>
internal sealed class TwinApp : IFunctionApp
{
    public string Name => "Twin";

    public IReadOnlyList<IndexedFunction> Functions { get; } =
    [
        Define("Work", new QueueTriggerDefinition("other")),
        Define("Lost", new QueueTriggerDefinition("%Unknown.Setting%")),
        Define("Poisonous", new QueueTriggerDefinition("work-poison")),
        Define("Reserved", new HttpTriggerDefinition([], AuthorizationLevel.User, "runs/x")),
        Define("Untyped", new QueueTriggerDefinition("untyped"), typeof(Version)),
    ];

    public IJsonTypeInfoResolver Json => SampleJson.Default;

    public IReadOnlyDictionary<string, string?> DefaultSettings { get; } = new Dictionary<string, string?>();

    public void ConfigureServices(IServiceCollection services, IConfiguration configuration)
    {
    }

    public IEnumerable<string> Validate(IConfiguration configuration) => [];

    public IEnumerable<Command> Commands(IConfiguration configuration) => [];

    private static IndexedFunction Define(string name, TriggerDefinition trigger, params Type[] jsonTypes) =>
        new(name, $"Twin.{name}", trigger, static _ => default) { JsonTypes = jsonTypes };
}
