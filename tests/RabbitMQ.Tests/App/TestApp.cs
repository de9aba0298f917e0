using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Ebb.RabbitMq.Commands;
using Ebb.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.RabbitMq.Tests.App;

/// <summary>An app with a function of each kind that RabbitMQ starts.</summary>
internal sealed class TestApp(Ledger ledger, bool withRabbitMQ = true) : IFunctionApp
{
    public string Name => "Test";

    public IReadOnlyList<IndexedFunction> Functions => FunctionIndex.Functions;

    public IJsonTypeInfoResolver Json => TestJson.Default;

    public IReadOnlyDictionary<string, string?> DefaultSettings { get; } = new Dictionary<string, string?>();

    public void ConfigureServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(ledger);
        if (withRabbitMQ)
        {
            services.AddRabbitMQ(configuration);
        }
    }

    public IEnumerable<string> Validate(IConfiguration configuration) => RabbitMQServices.Validate(configuration);

    public IEnumerable<Command> Commands(IConfiguration configuration) => [RabbitMQCommand.Create(configuration)];
}
